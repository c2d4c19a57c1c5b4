M117 free text G0 X1
M117 G0 X1
M117
M117G0 X1
M117 100% (done) ; really
M118 E1 hello
M118 S"hello" P1
M23 file.gco
M23 /sub/file (2).gco
M28 out.g
G0 X1
M30 out.g
M32 !sub/file.g#
M928 log.g
M16 Printer X
M810 G0 X1|G0 X2
N5 M117 hello
M117.1 hello
G0 X1 M117 hello
M862.3 P "MK3S"
M862.3 P"MK3S"
M862.3 P "MK3S
M587 S"a "" b" P"c"
M550 P'x'
M291 P"a;b" S1
G0 X"1"
"
"G0 X1"
M20 L
M115
M118 P0 S"a"
N5 N6 M117 hello
