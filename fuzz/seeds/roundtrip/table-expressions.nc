G0 X[1+2] Y3.
G0 X[2+[3*4]]
G0 X[1+2
G0 X1+2]
G0 X[[1]]
G0 X[]
G0 Xsin[30]
G0 X sin [30] Y1.
G0 X-sin[30]
G0 Xatan[1]/[1]
G0 Xfoo[1]
G0 X[1/0]
G0 X[1 EQ 1]
G0 X[2**3]
G0 X[5 MOD 3]
G0 X#1
G0 X#<name>
#1=5
G0 X#1
#1 = 5 (a)
G0 X#1 Y[#1*2]
#<a>=5
G0 X#<a>
#<_depth>=5
G0 X#<_DEPTH>
#<_a>=5
#1=2
#2=7
G0 X##1
#1=5 G0 X#1
G0 X1. #1=5
G0 X#1
#1=5#2=6
G0 X#2
#1=
#=5
#1
#
##
#1+5
#<a=5
#0=1
#5602=1
#31=[1+1]
G0 X#31
G#1 X1.
#1=1
G#1 X2. F60.
M[3] S5
X[1]Y[2]
G0 X[1](a)Y[2]
G0 X[1;2]
G0 X[(a)1]
IF [#1 EQ 1] GOTO 10
WHILE [#1 LT 10] DO1
#1 EQ 1
G0 X1.5]
G0 X#5420
G0 @1 ^90
@1
^
