'use strict';
const search = document.getElementById('sheet-search');
const count = document.getElementById('sheet-count');
const empty = document.getElementById('sheet-empty');
const filters = [...document.querySelectorAll('[data-filter]')];
const sections = [...document.querySelectorAll('section')].map(section => ({
  section,
  entries: [...section.querySelectorAll('article')].map(article => ({
    article,
    kind: article.dataset.kind,
    text: `${article.id} ${article.textContent}`.toLowerCase()
  }))
}));
let filter = 'all';

function show() {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { section, entries } of sections) {
    let here = 0;
    for (const { article, kind, text } of entries) {
      const fits = (filter === 'all' || filter === kind) && wanted.every(word => text.includes(word));
      article.hidden = !fits;
      here += fits ? 1 : 0;
    }
    section.hidden = here === 0;
    shown += here;
  }
  empty.hidden = shown > 0;
  const say = words[document.documentElement.lang];
  count.textContent = `${shown} ${say.shown} ${say.of} ${document.body.dataset.total}`.replace(/ +/g, ' ');
}

function speak(language) {
  document.documentElement.lang = language;
  const say = words[language];
  search.placeholder = say.search;
  search.setAttribute('aria-label', say.search);
  document.title = say.title;
  show();
}

search.addEventListener('input', show);
search.form.addEventListener('submit', event => event.preventDefault());
for (const button of filters) {
  button.addEventListener('click', () => {
    filter = button.dataset.filter;
    for (const other of filters) {
      other.setAttribute('aria-pressed', String(other === button));
    }
    show();
  });
}
document.getElementById('sheet-language').addEventListener('click', () => {
  speak(document.documentElement.lang === 'en' ? 'zh' : 'en');
});
document.getElementById('sheet-clear').addEventListener('click', () => {
  search.value = '';
  filters[0].click();
  search.focus();
});
document.addEventListener('keydown', event => {
  if (event.key === '/' && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'Escape' && document.activeElement === search) {
    search.value = '';
    show();
  }
});
speak(navigator.language.startsWith('zh') ? 'zh' : 'en');
