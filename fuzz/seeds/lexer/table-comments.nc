G0 X1 ; Y2
G0 X1;Y2
;G0 X1
G0 (here) X1
G0 X1 (here)
G0 X(in a word)1
G0 X1(in a number)5
(a)G0 X1(b)
G0 (a (b) X1
G0 (a (b) c) X1
G0 X1 (open Y2
(open
G0 X1
G0 X1 ) Y2
G0 X1 (a;b) Y2
G0 X1 ;(a
G0 Y2
G0 X1 (a;b
G0 X1 ;a) Y2
() G0 X1
( G0 X1 )
G0 X1 // Y2
G0 X1 # Y2
(MSG, hello)
(DEBUG, #1)
(PRINT, #<x>)
(LOGOPEN, a.txt)
;; G0 X1
G0 X1 \; Y2
