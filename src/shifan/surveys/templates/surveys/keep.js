(function(){var s;try{s=window.sessionStorage}catch(e){return}
var d=document.body.dataset,f=document.forms[0];
if(d.done){s.removeItem("shifan-"+d.done);return}
if(!f||!d.code)return;var k="shifan-"+d.code;
function keep(){var o=[];new FormData(f).forEach(function(v,n){o.push([n,v])});try{s.setItem(k,JSON.stringify(o))}catch(e){}}
if(d.fresh){try{var o=JSON.parse(s.getItem(k)||"[]");o.forEach(function(p){var n=p[0],v=p[1];
if(n==="form"&&v!==f.elements.form.value)throw 0});
o.forEach(function(p){var n=p[0],v=p[1];if(n==="form"||n==="seen")return;
f.querySelectorAll("[name]").forEach(function(e){if(e.name!==n)return;
if(e.type==="radio"||e.type==="checkbox"){if(e.value===v)e.checked=true}else e.value=v})})}catch(e){s.removeItem(k)}}
f.addEventListener("change",keep);f.addEventListener("input",keep)})();
