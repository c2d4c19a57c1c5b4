/G0 X1
/ G0 X1
 /G0 X1
/
//G0 X1
/2 G0 X1
/9G0X1
G0 X1 /Y2
G0 X1/2
%
%
G0 X1
%
G0 X2
%G0 X1
% part 7
G0 X1
%(part 7)
G0 X1
% ; part 7
G0 X1
 %
%%
G0 X1 %
G0 X1
%
