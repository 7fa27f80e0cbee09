#!/usr/bin/env lua
-- Each construct of the grammar, oddly laid out.
local a,k<const>,l<close> =1,2,nil;;;
function a.b.c:d(e,...)return...end local function r()return r()end
if a then elseif b then return else;end
for i=1,10,2 do break end for k,v in pairs{}do goto continue ::continue::end
while not nil do do end break end repeat local x=1 until x==1
t={1,2;3,x=1,["y z"]=2,[1+1]=3,f(),...;}
s='single'.."double\"\\\n\t\0\200"..[==[
long ]] ]==]..f'x'..f"y"..f[[z]]..f{}.x[1]["two"].three("four"){5}:six()
n=0x10+1e2-.5*3//1%2/4^-2^3&0xff|1~2<<3>>4,-(-1),- -1,not not true,#{}- -#"",~-~1,(1),(f()),(...)
c=1<2,1<=2,1>2,1>=2,1==2,1~=2,a and b or c and not d,(a or b)and c,a..(b..c),(a..b)..c,a-(b-c),(a-b)-c,(2^3)^4,2^(3^4),-2^2,(-2)^2;
(f or g)();("x"):rep(2)
a.x,a[1],b=1,2,function()end
x=function(a,b,...)local function c()return function()end end;return a,b,...end
goto done;do return end
::done::return f(),(f())
