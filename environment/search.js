// The search of the index: every word must be in a cell's or a statement's text. The texts are in the page.
(() => {
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const form = document.getElementById("search");
  const wanted = document.getElementById("wanted");
  const found = document.getElementById("found");
  const most = 30;
  const around = 60;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  wanted.addEventListener("input", () => {
    const words = wanted.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
    found.replaceChildren();
    if (words.length === 0) {
      return;
    }
    const hits = texts.filter((each) => {
      const all = (each.in + " " + each.text).toLowerCase();
      return words.every((word) => all.includes(word));
    });
    for (const hit of hits.slice(0, most)) {
      const at = Math.max(0, hit.text.toLowerCase().indexOf(words[0]) - around);
      const link = document.createElement("a");
      link.href = hit.at;
      link.textContent = hit.in;
      const item = document.createElement("li");
      item.append(link, " – " + (at > 0 ? "…" : "") + hit.text.slice(at, at + 3 * around));
      found.append(item);
    }
    if (hits.length !== Math.min(hits.length, most) || hits.length === 0) {
      const item = document.createElement("li");
      item.textContent = hits.length === 0 ? "Nothing found." : hits.length + " found; these are the first " + most + ".";
      found.append(item);
    }
  });
})();
