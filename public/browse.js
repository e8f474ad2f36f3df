'use strict';
(() => {
  const byId = id => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const json = id => { const block = byId(id); return block ? JSON.parse(block.textContent) : null; };

  const hashState = () => new URLSearchParams(location.hash.slice(1));
  const setHash = state => {
    const text = state.toString();
    history.replaceState(null, '', text ? '#' + text : location.pathname + location.search);
  };

  function setUpList() {
    const data = json('clips-data');
    const table = byId('clips-table');
    if (!data || !table) return;
    const rowsOnAPage = 100;
    const body = table.tBodies[0], status = byId('clips-status'), caption = byId('clips-shown');
    const filters = byId('filters'), text = byId('filter-text'), states = byId('filter-state'), categories = byId('filter-category');
    Array.from(new Set(data.rows.map(row => row.category).filter(Boolean))).sort().forEach(name => {
      const option = document.createElement('option');
      option.textContent = name;
      option.value = name;
      categories.append(option);
    });
    const haystacks = data.rows.map(row =>
      [row.id, row.category || '', row.reason || '', ...row.sentences].join('\n').toLowerCase());
    let pages = byId('pages');
    if (!pages) {
      pages = document.createElement('nav');
      pages.className = 'pages';
      pages.setAttribute('aria-label', 'Pages of the list');
      table.parentElement.after(pages);
    }
    const state = { q: '', state: '', category: '', sort: '', dir: 'asc', p: 1 };

    const make = (tag, className, content) => {
      const element = document.createElement(tag);
      if (className) element.className = className;
      if (content !== undefined) element.textContent = content;
      return element;
    };
    const figure = (value, digits) => value === undefined || value === null ? '–' : value.toFixed(digits);
    const span = value => value === undefined || value === null ? '–' : value < 90 ? `${value.toFixed(1)} s` : `${(value / 60).toFixed(1)} min`;

    function rowElement(row) {
      const line = make('tr'), head = make('th'), link = make('a', 'clip-link');
      head.scope = 'row';
      link.href = row.href;
      if (row.thumbnail) {
        const picture = make('img');
        picture.alt = '';
        picture.loading = 'lazy';
        picture.src = data.root + row.thumbnail;
        link.append(picture);
      }
      link.append(make('bdi', '', row.id));
      head.append(link);
      const badge = make('td');
      badge.append(make('span', `state ${row.state}`, row.state));
      const category = make('td');
      category.append(make('bdi', '', row.category || '–'));
      const sentence = make('td', 'sentence');
      const more = row.sentences.length > 1 ? ` (+${row.sentences.length - 1})` : '';
      sentence.append(make('bdi', '', (row.sentences[0] || '') + more + (row.reason || '')));
      line.append(head, badge, category,
        make('td', 'number', figure(row.iou, 3)), make('td', 'number', figure(row.fScore, 3)),
        make('td', 'number', span(row.duration)), make('td', 'number', span(row.sounding)), sentence);
      return line;
    }

    function matching() {
      const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
      const indices = data.rows.map((_, index) => index).filter(index => {
        const row = data.rows[index];
        return (!state.state || row.state === state.state) && (!state.category || row.category === state.category) &&
          words.every(word => haystacks[index].includes(word));
      });
      if (state.sort) {
        const sign = state.dir === 'desc' ? -1 : 1;
        indices.sort((a, b) => {
          const x = data.rows[a][state.sort], y = data.rows[b][state.sort];
          const noX = x === undefined || x === null, noY = y === undefined || y === null;
          if (noX || noY) return noX - noY || a - b;
          return (x < y ? -1 : x > y ? 1 : 0) * sign || a - b;
        });
      }
      return indices;
    }

    function show() {
      const found = matching();
      const count = Math.max(1, Math.ceil(found.length / rowsOnAPage));
      state.p = Math.min(Math.max(1, state.p), count);
      const first = (state.p - 1) * rowsOnAPage;
      const part = found.slice(first, first + rowsOnAPage);
      body.replaceChildren(...part.map(index => rowElement(data.rows[index])));
      const words = found.length
        ? `Clips ${first + 1} to ${first + part.length} of ${found.length}` + (found.length < data.rows.length ? ` that match, ${data.rows.length} in all.` : '.')
        : `No clip matches, ${data.rows.length} in all.`;
      caption.textContent = words;
      status.textContent = words;
      all('th[data-sort]', table).forEach(head => {
        if (head.dataset.sort === state.sort) head.setAttribute('aria-sort', state.dir === 'desc' ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      });
      pages.hidden = count < 2;
      const numbers = Array.from({ length: count }, (_, index) => index + 1)
        .filter(number => number === 1 || number === count || Math.abs(number - state.p) < 4);
      pages.replaceChildren(...numbers.map(number => {
        const button = make('button', '', String(number));
        button.type = 'button';
        if (number === state.p) button.setAttribute('aria-current', 'page');
        button.addEventListener('click', () => { state.p = number; update(); });
        return button;
      }));
    }
    function update() {
      const hash = new URLSearchParams();
      Object.entries(state).forEach(([key, value]) => {
        if (value && !(key === 'p' && value === 1) && !(key === 'dir' && (value === 'asc' || !state.sort))) hash.set(key, value);
      });
      setHash(hash);
      show();
    }
    function fromHash() {
      const hash = hashState();
      const sorts = all('th[data-sort]', table).map(head => head.dataset.sort);
      state.q = hash.get('q') || '';
      state.state = ['done', 'failed', 'waiting'].find(name => name === hash.get('state')) || '';
      state.category = data.rows.some(row => row.category === hash.get('category')) ? hash.get('category') : '';
      state.sort = sorts.find(name => name === hash.get('sort')) || '';
      state.dir = hash.get('dir') === 'desc' ? 'desc' : 'asc';
      state.p = parseInt(hash.get('p'), 10) || 1;
      text.value = state.q;
      states.value = state.state;
      categories.value = state.category;
      show();
    }

    all('th[data-sort]', table).forEach(head => {
      const button = make('button', '', head.textContent);
      button.type = 'button';
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const downFirst = head.classList.contains('number');
        if (state.sort !== head.dataset.sort) { state.sort = head.dataset.sort; state.dir = downFirst ? 'desc' : 'asc'; }
        else state.dir = state.dir === 'asc' ? 'desc' : 'asc';
        state.p = 1;
        update();
      });
    });
    text.addEventListener('input', () => { state.q = text.value; state.p = 1; update(); });
    states.addEventListener('change', () => { state.state = states.value; state.p = 1; update(); });
    categories.addEventListener('change', () => { state.category = categories.value; state.p = 1; update(); });
    filters.addEventListener('submit', event => event.preventDefault());
    filters.addEventListener('reset', () => { Object.assign(state, { q: '', state: '', category: '', p: 1 }); categories.value = ''; update(); });
    addEventListener('hashchange', fromHash);
    fromHash();
  }

  setUpList();
})();
