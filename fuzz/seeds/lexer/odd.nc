G1X1Y2
x 1. 5 y-.5G1 X1E5 Y--2 Z1.2.3
/N10 G0 X5 (open
%
(a) G0 (b;c) X1 ;(d
!~?G1X
