'use strict';
// The list of clips: facets with counts, search, order and pages, all of it in the address. Never
// more than a page of rows is in the document.
(() => {
  const { byId, all, clips } = avu;
  const browser = byId('browser'), table = byId('clips-table');
  if (!browser || !table) return;
  const scope = browser.dataset.scope, body = table.tBodies[0], caption = byId('clips-shown'), status = byId('clips-status');
  const filters = byId('filters'), search = byId('filter-text'), groups = byId('facets'), chips = byId('chosen');
  const views = all('#views [data-view]'), valuesShown = 8, size = clips.rowsOnAPage;
  let list = null, state = clips.parse(''), pages = byId('pages'), latest = 0;

  const make = (tag, className, ...content) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };
  const button = (label, act, className) => {
    const element = make('button', className || '', label);
    element.type = 'button';
    element.addEventListener('click', act);
    return element;
  };
  const inEnglish = new Intl.NumberFormat('en'), whole = number => inEnglish.format(number);
  const figure = value => value === null ? '–' : (value / 1000).toFixed(3);
  const span = tenths => {
    if (tenths === null) return '–';
    const seconds = tenths / 10;
    return seconds < 90 ? `${seconds.toFixed(1)} s` : seconds < 5400 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
  };

  // MARK: Facets

  function setUpFacets() {
    const clicked = event => {
      const box = event.target.closest('input[data-facet]');
      if (!box) return;
      const chosen = state.chosen[box.dataset.facet];
      if (box.checked) chosen.add(box.value); else chosen.delete(box.value);
      go({ p: 1 });
    };
    groups.addEventListener('change', clicked);
    const totals = list.select(clips.parse('')).counts;
    list.facets.forEach((facet, number) => {
      const isFixed = ['score', 'problem', 'sound'].includes(facet.key);
      const values = facet.values.map((_, value) => value).filter(value => totals[number][value] > 0);
      if (!isFixed) values.sort((a, b) => totals[number][b] - totals[number][a] || (facet.values[a] < facet.values[b] ? -1 : 1));
      facet.shown = values;
      facet.isLong = false;
      facet.element = make('details', 'facet');
      facet.element.open = !['truth', 'said', 'model'].includes(facet.key) && matchMedia('(min-width: 62rem)').matches;
      facet.element.hidden = values.length < 2;
      facet.list = make('ul', '');
      facet.group = make('div', '');
      facet.group.setAttribute('role', 'group');
      facet.group.setAttribute('aria-label', facet.label);
      facet.more = button('', () => { facet.isLong = !facet.isLong; drawFacets(list.select(state).counts); }, 'more');
      facet.not = button('All but these', () => {
        if (!state.not.delete(facet.key)) state.not.add(facet.key);
        go({ p: 1 });
      }, 'more');
      facet.group.append(facet.list, facet.more, facet.not);
      facet.element.append(make('summary', '', facet.label), facet.group);
      groups.append(facet.element);
    });
  }

  // A box stays where it is when counts change, so that neither eye nor focus has to follow.
  function drawFacets(counts) {
    list.facets.forEach((facet, number) => {
      const chosen = state.chosen[facet.key];
      chosen.forEach(value => {
        const place = facet.values.indexOf(value);
        if (place < 0) { facet.values.push(value); facet.shown.push(facet.values.length - 1); }
        else if (!facet.shown.includes(place)) facet.shown.push(place);
      });
      if (chosen.size) { facet.element.hidden = false; facet.element.open = true; }
      const visible = facet.shown.filter((value, rank) => facet.isLong || rank < valuesShown || chosen.has(facet.values[value]));
      facet.boxes = facet.boxes || new Map();
      visible.forEach((value, rank) => {
        if (!facet.boxes.has(value)) {
          const box = make('input', ''), tally = make('span', 'tally');
          box.type = 'checkbox';
          box.dataset.facet = facet.key;
          box.value = facet.values[value];
          const name = facet.values[value] === clips.none ? 'without' : facet.values[value];
          facet.boxes.set(value, { box, tally, item: make('li', '', make('label', '', box, make('bdi', '', name), tally)) });
        }
        const { box, tally, item } = facet.boxes.get(value), found = counts[number][value] || 0;
        box.checked = chosen.has(facet.values[value]);
        tally.textContent = whole(found);
        item.classList.toggle('empty-value', found === 0);
        if (facet.list.children[rank] !== item) facet.list.insertBefore(item, facet.list.children[rank] || null);
      });
      while (facet.list.children.length > visible.length) facet.list.lastChild.remove();
      facet.not.hidden = !chosen.size;
      facet.not.setAttribute('aria-pressed', String(state.not.has(facet.key)));
      facet.more.hidden = facet.shown.length <= valuesShown;
      facet.more.textContent = facet.isLong ? 'Fewer' : `All ${whole(facet.shown.length)}`;
      facet.more.setAttribute('aria-label', `${facet.more.textContent}: ${facet.label}`);
    });
    chips.replaceChildren(...list.facets.flatMap(facet => Array.from(state.chosen[facet.key], value =>
      button(`${facet.label}: ${state.not.has(facet.key) ? 'not ' : ''}${value === clips.none ? 'without' : value} ✕`, () => { state.chosen[facet.key].delete(value); go({ p: 1 }); search.focus(); }, 'chip'))));
    chips.hidden = !chips.children.length;
  }

  // MARK: Rows

  function rowElement(place, way) {
    const row = list.row(place), link = make('a', 'clip-link'), head = make('th', '', link);
    head.scope = 'row';
    link.href = `${row.address}#${way}`;
    if (row.picture) {
      const picture = make('img', '');
      picture.alt = '';
      picture.loading = 'lazy';
      avu.place.show(picture, row.picture);
      link.append(picture);
    }
    link.append(make('span', '', make('bdi', '', row.id), ...scope ? [] : [make('bdi', 'part', row.collection)]));
    return make('tr', '', head, make('td', '', make('span', `state ${row.state}`, row.state)), make('td', '', make('bdi', '', row.category)),
      make('td', 'number', figure(row.iou)), make('td', 'number', figure(row.fScore)), make('td', 'number', span(row.duration)),
      make('td', 'number', span(row.sounding)), make('td', 'sentence', make('bdi', '', row.sentence)));
  }

  function drawPages(count) {
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
      .filter(number => number === 1 || number === count || Math.abs(number - state.p) < 3);
    const turn = (label, page) => {
      const element = button(label, () => { go({ p: page }); table.scrollIntoView({ block: 'start' }); });
      if (page === state.p && label === whole(page)) element.setAttribute('aria-current', 'page');
      else element.setAttribute('aria-label', `Page ${whole(page)}`);
      element.disabled = page < 1 || page > count;
      return element;
    };
    const between = numbers.flatMap((number, index) => {
      const gap = index && number > numbers[index - 1] + 1 ? [make('span', 'gap', '…')] : [];
      return [...gap, turn(whole(number), number)];
    });
    const [before, after] = [turn('←', state.p - 1), turn('→', state.p + 1)];
    before.setAttribute('aria-label', 'Previous page');
    after.setAttribute('aria-label', 'Next page');
    pages.hidden = count < 2;
    pages.replaceChildren(before, ...between, after);
  }

  function tell(found, first, shown) {
    const rest = found < list.count ? ` that match; ${whole(list.count)} in all.` : '.';
    const words = found
      ? `Showing ${whole(first + 1)} to ${whole(first + shown)} of ${whole(found)} clip${found === 1 ? '' : 's'}${rest}`
      : `No clip matches; ${whole(list.count)} in all. Clear a filter or change the search.`;
    caption.textContent = words;
    status.textContent = words;
  }

  async function show() {
    const turn = ++latest;
    if (state.q && list.missingTexts().length) {
      status.textContent = caption.textContent = 'Reading the sentences of all clips …';
      await list.readTexts();
      if (turn !== latest) return;
    }
    const { found, counts } = list.select(state);
    const count = Math.max(1, Math.ceil(found.length / size));
    state.p = Math.min(Math.max(1, state.p), count);
    const places = found.subarray((state.p - 1) * size, state.p * size);
    // By this a clip's page knows the list that it was chosen from.
    const way = new URLSearchParams({ list: `${scope}?${clips.format({ ...state, p: 1 })}` }).toString();
    const draw = () => body.replaceChildren(...Array.from(places, place => rowElement(place, way)));
    const isUntouched = turn === 1 && !clips.format(state);
    if (!list.missingTexts(places).length) draw();
    else {
      // Rows that the page came with stay until theirs can be complete, too.
      if (!isUntouched) draw();
      list.readTexts(places).then(() => { if (turn === latest) draw(); }, problem);
    }
    tell(found.length, (state.p - 1) * size, places.length);
    all('th[data-sort]', table).forEach(head => {
      if (head.dataset.sort === state.sort) head.setAttribute('aria-sort', state.dir === 'desc' ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    drawPages(count);
    drawFacets(counts);
    table.classList.toggle('as-pictures', state.view === 'pictures');
    views.forEach(view => view.setAttribute('aria-pressed', String(view.dataset.view === state.view)));
  }

  // MARK: The address

  // Steps go into the browser's history, letters of a search do not.
  function go(change, isTyping) {
    Object.assign(state, change);
    const text = clips.format(state), address = text ? '#' + text : location.pathname + location.search;
    if (isTyping) history.replaceState(null, '', address); else history.pushState(null, '', address);
    return show().catch(problem);
  }
  function fromAddress() {
    state = clips.parse(location.hash.slice(1));
    search.value = state.q;
    all('input[data-range]', filters).forEach(input => { input.value = state.ranges[input.dataset.range][input.dataset.end === 'low' ? 0 : 1]; });
    return show().catch(problem);
  }
  // A link to some of the clips leads to the list, which may be far down the page.
  async function follow() {
    await fromAddress();
    if (clips.format(state)) browser.scrollIntoView({ block: 'start' });
  }
  function problem(error) {
    status.textContent = caption.textContent = `The list cannot be filtered: ${error.message}.`;
  }

  function setUp() {
    if (!pages) {
      pages = make('nav', 'pages');
      pages.setAttribute('aria-label', 'Pages of the list');
      table.parentElement.after(pages);
    }
    setUpFacets();
    all('th[data-sort]', table).forEach(head => {
      const sort = button(head.textContent, () => {
        const first = head.classList.contains('number') ? 'desc' : 'asc';
        const dir = state.sort !== head.dataset.sort ? first : state.dir === 'asc' ? 'desc' : 'asc';
        go({ sort: head.dataset.sort, dir, p: 1 });
      });
      head.replaceChildren(sort);
    });
    search.addEventListener('input', () => go({ q: search.value, p: 1 }, true));
    all('input[data-range]', filters).forEach(input => input.addEventListener('input', () => {
      const [low, high] = ['low', 'high'].map(end => filters.querySelector(`[data-range=${input.dataset.range}][data-end=${end}]`).value);
      state.ranges[input.dataset.range] = [low, high];
      go({ p: 1 }, true);
    }));
    views.forEach(view => view.addEventListener('click', () => go({ view: view.dataset.view })));
    byId('save-list').addEventListener('click', async () => {
      await list.readTexts();
      const rows = Array.from(list.select(state).found, place => list.row(place));
      const number = (value, unit) => value === null ? '' : String(value / unit);
      avu.save('clips.csv', new Blob([avu.csv([['collection', 'clip', 'state', 'category', 'miou', 'f_score', 'seconds', 'sounding_seconds', 'sentences', 'signature'],
        ...rows.map(row => [row.collection, row.id, row.state, row.category, number(row.iou, 1000), number(row.fScore, 1000), number(row.duration, 10), number(row.sounding, 10), row.sentence, row.signature])])], { type: 'text/csv' }));
    });
    filters.addEventListener('submit', event => event.preventDefault());
    filters.addEventListener('reset', () => { state = clips.parse(''); go({}); });
    addEventListener('hashchange', follow);
    return follow();
  }

  clips.open(scope).then(opened => { list = opened; return setUp(); })
    .then(() => { browser.dataset.ready = 'true'; performance.mark('avu-list-ready'); }).catch(error => { filters.hidden = true; problem(error); });
})();
