$X
$H
$HX
$$
$
$J=G91X10F500
$110=5000
$N0=G21
$RST=*
[ESP220]/a.nc
[ESP
[
G0 X1 $H
 $X
$X
G0 X1
G0X00000000000000000000000000000000000000000000000000000000000000000000000000001
G0X0000000000000000000000000000000000000000000000000000000000000000000000000001
G0 X1 (this comment alone is longer than the eighty bytes that the firmware holds of a line)
G0 X1 ;this comment alone is longer than the eighty bytes that the firmware holds of a line
  G 0    X   1      Y    1     F    6   0                                                                        .                                                         
G0 X1                                                                                                    Y2
