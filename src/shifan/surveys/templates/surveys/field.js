(function () {
  var code = document.body.dataset.code, form = document.forms[0], store = window.localStorage;
  var KEY = "shifan-key-" + code, QUEUE = "shifan-queue-" + code, busy = false, shown = Date.now();
  var words = JSON.parse(document.getElementById("words").textContent);
  var state = document.getElementById("state"), refused = document.getElementById("refused");
  var sending = document.getElementById("send");
  var keyBox = document.getElementById("key-box"), keyField = document.getElementById("key");
  if (location.hash.indexOf("#k=") === 0) {
    store.setItem(KEY, decodeURIComponent(location.hash.slice(3)));
    history.replaceState(null, "", location.pathname + location.search);
  }
  function queue() { return JSON.parse(store.getItem(QUEUE) || "[]"); }
  function save(list) { store.setItem(QUEUE, JSON.stringify(list)); }
  function say(text) {
    var waiting = queue().length;
    state.textContent = (text ? text + " " : "") + words.waiting.replace("0", waiting);
    sending.hidden = !waiting;
    keyBox.hidden = Boolean(store.getItem(KEY));
    refused.textContent = "";
    queue().filter(function (a) { return a.problems; }).forEach(function (a) {
      var item = document.createElement("li");
      item.textContent = a.problems.join(" ");
      refused.appendChild(item);
    });
  }
  function number() {
    if (crypto.randomUUID) return crypto.randomUUID();
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x + 256).toString(16).slice(1); });
    return h.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var answers = {};
    new FormData(form).forEach(function (value, name) {
      if (value) (answers[name.slice(2)] = answers[name.slice(2)] || []).push(value);
    });
    var missing = Array.prototype.filter.call(document.querySelectorAll("[data-must]"), function (e) {
      return !answers[e.dataset.must];
    })[0];
    if (missing) { say(words.missing); missing.scrollIntoView(); missing.focus(); return; }
    var list = queue();
    list.push({
      id: number(), form: form.dataset.version, answers: answers,
      seconds: Math.max(0, Math.round((Date.now() - shown) / 1000))
    });
    try { save(list); } catch (error) { say(words.full); return; }
    form.reset(); shown = Date.now(); window.scrollTo(0, 0); say(words.kept); state.focus(); send();
  });
  function send() {
    var list = queue(), key = store.getItem(KEY);
    if (busy || !list.length || !key || !navigator.onLine) return;
    busy = true;
    fetch(location.pathname, {
      method: "POST", body: JSON.stringify({ answers: list.slice(0, 50) }),
      headers: { "Content-Type": "application/json", "Authorization": "Bearer " + key }
    }).then(function (reply) {
      return reply.json().then(function (said) { return { status: reply.status, said: said }; });
    }).then(function (got) {
      busy = false;
      if (got.status === 401) { store.removeItem(KEY); say(got.said.message); return; }
      if (got.status !== 200) { say(got.said.message); return; }
      var outcome = {};
      got.said.results.forEach(function (each) { outcome[each.id] = each; });
      var rest = queue().filter(function (a) {
        var each = outcome[a.id];
        if (!each || each.outcome === "taken" || each.outcome === "known") return !each;
        a.problems = each.problems;
        return true;
      });
      var fresh = rest.filter(function (a) { return !a.problems; });
      save(fresh.concat(rest.filter(function (a) { return a.problems; })));
      say(words.sent);
      if (fresh.length) send();
    }).catch(function () { busy = false; say(words.offline); });
  }
  sending.addEventListener("click", send);
  document.getElementById("key-save").addEventListener("click", function () {
    store.setItem(KEY, keyField.value.trim().toUpperCase()); say(""); send();
  });
  window.addEventListener("online", send);
  setInterval(send, 60000);
  if (navigator.serviceWorker) navigator.serviceWorker.register("sw.js");
  say(""); send();
})();
