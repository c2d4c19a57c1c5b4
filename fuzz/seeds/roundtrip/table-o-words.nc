O100
O1234 (part)
:1234
O100
G0 X1.
M30
O<name>
O100 sub
G0 X1.
O100 endsub
O100 call
o<move> sub
G0 X#1 Y#2
o<move> endsub
o<move> call [1] [2]
o<a> call [1] [2]
O100 call
O100call
o 100 if [1]
G0 X1.
o 100 endif
o1 if [0]
G0 X1.
o1 else
G0 X2.
o1 endif
o1 if [0]
G0 X1.
o1 elseif [1]
G0 X2.
o1 endif
o1 repeat [3]
G91 G0 X1.
o1 endrepeat
#1=0
o1 while [#1 lt 3]
#1=[#1+1]
G0 X#1
o1 endwhile
o1 do
G0 X1.
o1 while [0]
o1 sub
o1 return [7]
o1 endsub
o1 call
G0 X#<_value>
O100 foo
O
O X1
O-1
O1.5
O100 if
O100 endif
O100 if [1]
G0 X1.
N10 O100 sub
N20 G0 X1.
N30 O100 endsub
N40 O100 call
G0 X1. O100
G0 O100 call
O[1+1] call
M98 P100
M30
O100
G0 X1.
M99
M98 P100 L2
M2
O100
G91 G0 X1.
M99
M98
G65 P100 A1.
