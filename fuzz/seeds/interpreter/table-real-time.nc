G0 X1!
!
~
?
G0 X1 ? Y2
G0 X1!2
G0 X!1
G0 X1 ~
G0 X1 ; !
G0 X1 (!)
G0 X1Y2

G0 X1…Y2
G0 X1ÿ5
$H!
