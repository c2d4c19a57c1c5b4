var x = 5
if {var.x > 3}
  G1 X{var.x} F3000
M106 P0 S1:2:3
M98 P"file ""a"".g"
G1 'x5 X1
M452
G1 X5 S100
