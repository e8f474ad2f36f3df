'use strict';
// What all scripts share, and what every page has: the theme, sortable tables, copying tables, and
// the list that a reader came from. Classic scripts, because a page opened by double-click may load
// nothing else.
const avu = (() => {
  const byId = id => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const json = id => { const block = byId(id); return block ? JSON.parse(block.textContent) : null; };
  const stored = store => ({
    get(key) { try { return store().getItem('avu-' + key); } catch (_) { return null; } },
    set(key, value) { try { store().setItem('avu-' + key, value); } catch (_) { /* private mode */ } },
  });
  const hash = {
    get: () => new URLSearchParams(location.hash.slice(1)),
    set(values) {
      const state = hash.get();
      Object.entries(values).forEach(([key, value]) => {
        if (value === null || value === undefined || value === '') state.delete(key);
        else state.set(key, value);
      });
      const text = state.toString();
      history.replaceState(null, '', text ? '#' + text : location.pathname + location.search);
    },
  };
  // Where pages, small pictures and scripts are; pack.js says so where they are packed together.
  const site = document.currentScript.src && new URL('..', document.currentScript.src);
  const place = globalThis.avuPack || {
    address: path => new URL(path, site).href,
    path: address => address.startsWith(site.href) ? address.slice(site.href.length).split('#')[0] : '',
    show: (image, path) => { image.src = new URL(path, site).href; },
    script(path) {
      const element = document.createElement('script');
      element.src = new URL(path, site).href;
      return element;
    },
  };
  function save(name, blob) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
  const csv = rows => rows.map(cells => cells.map(cell => /[",\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell).join(',')).join('\n');
  return { byId, all, json, hash, place, save, csv, settings: stored(() => localStorage), visit: stored(() => sessionStorage) };
})();

(() => {
  const { byId, all, settings, visit } = avu;

  // Theme: what the system says until the reader chooses.
  const root = document.documentElement;
  const chosen = settings.get('theme');
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;

  function setUpTheme() {
    const button = byId('theme');
    const isDark = () => root.dataset.theme
      ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    const label = () => {
      button.textContent = isDark() ? 'Light' : 'Dark';
      button.setAttribute('aria-label', `${button.textContent}: switch to the ${button.textContent.toLowerCase()} theme`);
    };
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      settings.set('theme', root.dataset.theme);
      label();
    });
    label();
  }

  // Columns of a table.sortable sort by what the cells show; a dash comes last either way.
  function setUpSorting(table) {
    const body = table.tBodies[0];
    const original = Array.from(body.rows);
    const value = (row, column) => {
      const cell = row.cells[column], text = (cell.dataset.value || cell.textContent).trim();
      const number = parseFloat(text.replace('<', ''));
      return text === '–' || text === '' ? null : Number.isNaN(number) ? text.toLowerCase() : number;
    };
    all('thead th', table).forEach((head, column) => {
      if (!head.textContent.trim() || head.classList.contains('fixed')) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const before = head.getAttribute('aria-sort');
        const first = head.classList.contains('number') ? 'descending' : 'ascending';
        const order = !before ? first : before === 'ascending' ? 'descending' : 'ascending';
        all('thead th', table).forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', order);
        const sign = order === 'ascending' ? 1 : -1;
        body.append(...original.slice().sort((a, b) => {
          const x = value(a, column), y = value(b, column);
          if (x === null || y === null) return (x === null) - (y === null);
          return (typeof x === typeof y ? (x < y ? -1 : x > y ? 1 : 0) : typeof x === 'number' ? -1 : 1) * sign;
        }));
      });
    });
  }

  // A table as text to paste elsewhere.
  const formats = {
    CSV: avu.csv,
    Markdown: rows => rows.map((cells, index) => `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |` +
      (index ? '' : `\n|${cells.map(() => ' --- ').join('|')}|`)).join('\n'),
    LaTeX: rows => `\\begin{tabular}{l${'r'.repeat(Math.max(0, rows[0].length - 1))}}\n` +
      rows.map((cells, index) => cells.map(cell => cell.replace(/([&%$#_{}])/g, '\\$1')).join(' & ') + ' \\\\' +
        (index ? '' : ' \\hline')).join('\n') + '\n\\end{tabular}',
  };
  function setUpCopying(table) {
    const line = document.createElement('p');
    line.className = 'copy-line quiet';
    const rows = () => Array.from(table.rows).map(row => Array.from(row.cells).map(cell => cell.textContent.replace(/\s+/g, ' ').trim()));
    line.append('Copy as ');
    Object.entries(formats).forEach(([name, write]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.addEventListener('click', async () => {
        const label = button.textContent;
        try { await navigator.clipboard.writeText(write(rows())); button.textContent = 'Copied'; } catch (_) { button.textContent = 'Not allowed'; }
        setTimeout(() => { button.textContent = label; }, 1500);
      });
      line.append(button);
    });
    const saving = document.createElement('button');
    saving.type = 'button';
    saving.textContent = 'Save CSV';
    saving.addEventListener('click', async () => {
      // Figures say how they were made, wherever they are taken.
      const scope = avu.place.path(location.href).split('/').slice(0, 2).join('/');
      const signature = await avu.clips.signature(scope).catch(() => '');
      const signed = rows().map((cells, index) => signature ? [...cells, index ? signature : 'Signature'] : cells);
      const name = table.caption ? table.caption.textContent.split(/[,;.]/)[0].toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') : '';
      avu.save(`${name || 'table'}.csv`, new Blob([avu.csv(signed)], { type: 'text/csv' }));
    });
    line.append(saving);
    (table.closest('.scroll') || table).after(line);
  }

  // Which clips a reader chose from: a clip's page goes on to the next of the same list (neighbours.js).
  function rememberList(event) {
    const link = event.target.closest('a[href]'), list = event.target.closest('[data-list]');
    if (!link || !list) return;
    const hrefs = Array.from(new Set(all('a[href*="clips/"]', list).map(other => other.href.split('#')[0])));
    if (hrefs.length < 2) return;
    visit.set('list', JSON.stringify({ name: list.dataset.list, back: location.href, hrefs }));
  }

  // How old a snapshot of the queue is, for a reader who left the page open.
  function setUpAge() {
    const taken = byId('taken'), stale = byId('stale');
    if (!taken || !stale) return;
    const tell = () => {
      const minutes = Math.round((Date.now() - Date.parse(taken.dateTime)) / 60000);
      stale.textContent = minutes < 1 ? '' : minutes < 120 ? `That is ${minutes} min ago.` : `That is ${Math.round(minutes / 60)} h ago: build the site again.`;
      stale.classList.toggle('bad', minutes >= 120);
    };
    tell();
    setInterval(tell, 60000);
  }

  all('.js-only').forEach(element => { element.hidden = false; });
  setUpTheme();
  all('table.sortable').forEach(setUpSorting);
  all('table.copyable').forEach(setUpCopying);
  setUpAge();
  document.addEventListener('click', rememberList);
})();
