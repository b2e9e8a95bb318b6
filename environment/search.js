// The search of the index: every word must be in a cell's, a statement's or a check's text. The texts are in the page.
// Other pages ask it by index.html?q=….
(() => {
  const texts = JSON.parse(document.getElementById("texts").textContent);
  for (const each of texts) {
    each.all = (each.in + " " + each.text).toLowerCase();
  }
  const form = document.getElementById("search");
  const wanted = document.getElementById("wanted");
  const found = document.getElementById("found");
  const most = 30;
  const around = 60;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  const show = () => {
    const words = wanted.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
    found.replaceChildren();
    if (words.length === 0) {
      return;
    }
    const hits = texts.filter((each) => words.every((word) => each.all.includes(word)));
    for (const hit of hits.slice(0, most)) {
      const at = Math.max(0, hit.text.toLowerCase().indexOf(words[0]) - around);
      const link = document.createElement("a");
      link.href = hit.at;
      link.textContent = hit.in;
      const item = document.createElement("li");
      const excerpt = document.createElement(hit.code ? "code" : "span");
      excerpt.textContent = (at > 0 ? "…" : "") + hit.text.slice(at, at + 3 * around);
      item.append(link, " – ", excerpt);
      found.append(item);
    }
    if (hits.length !== Math.min(hits.length, most) || hits.length === 0) {
      const item = document.createElement("li");
      item.textContent = hits.length === 0 ? "Nothing found." : hits.length + " found; these are the first " + most + ".";
      found.append(item);
    }
  };
  wanted.addEventListener("input", show);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked !== null) {
    wanted.value = asked;
    show();
  }
  if (asked !== null || location.hash === "#search") {
    wanted.focus();
  }
})();
