G1 X{var.x + 1} Y2
G1 X{1+2
G1 X1 Y{"a}"}
M92 E420:420
M92 X80 Y80 Z400 E420:420:420
M563 P0 D0:1 H1
M452 S1
G1 X10 S1:2:3 F600
M98 P"homeall.g"
M98 P"a "" b"
if move.axes[0].homed
  if {true}
while iterations < 5
  G1 X1
var x = 5
global y = 6
set var.x = 7
echo "a"
elif true
else
break
abort "x"
ifx
G1 'a5
G1 'A5
G1 '
G1 X1 'a5 Y2
M584 X0 'c5
T0
T{var.t}
G0 X1:2
G0 X:1
