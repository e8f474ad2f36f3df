'use strict';
// Previous and next on a clip's page. A link of a filtered list says in its address which filter it
// was, so the way goes on through all clips that match, whatever page of the list they are on, also
// in another window or for somebody else. From other lists it goes through what they showed.
(() => {
  const { byId, hash, visit, clips } = avu;
  const nav = byId('neighbours'), here = location.href.split('#')[0];
  if (!nav) return;

  function draw(at, count, name, back, addresses) {
    const way = document.createElement('a');
    way.href = back;
    way.id = 'back';
    way.textContent = name;
    byId('neighbours-place').replaceChildren(`${(at + 1).toLocaleString('en')} of ${count.toLocaleString('en')} in `, way);
    [['previous', '← Previous', 'Previous'], ['next', 'Next →', 'Next']].forEach(([id, label, word], side) => {
      const old = byId(id), target = addresses[side];
      if (!target) { if (old) old.remove(); return; }
      const link = old || document.createElement('a');
      link.id = id;
      link.href = target;
      link.rel = id === 'next' ? 'next' : 'prev';
      link.textContent = label;
      link.setAttribute('aria-label', `${word} clip of the list`);
      nav.append(link);
    });
  }

  async function followFilter(text) {
    const cut = text.indexOf('?'), scope = text.slice(0, Math.max(0, cut)), state = clips.parse(text.slice(cut + 1));
    const list = await clips.open(scope);
    if (state.q) await list.readTexts();
    const { found } = list.select(state), at = found.indexOf(list.placeOf(here));
    if (at < 0) return;
    const address = place => place === undefined ? null : `${list.address(place)}#${new URLSearchParams({ list: text })}`;
    const back = clips.format({ ...state, p: Math.floor(at / clips.rowsOnAPage) + 1 });
    draw(at, found.length, found.length < list.count ? 'the filtered list' : 'the list', clips.page(scope) + (back ? '#' + back : ''),
      [address(found[at - 1]), address(found[at + 1])]);
  }

  function followVisit() {
    let list = null;
    try { list = JSON.parse(visit.get('list')); } catch (_) { return; }
    const at = list && Array.isArray(list.hrefs) ? list.hrefs.indexOf(here) : -1;
    if (at >= 0) draw(at, list.hrefs.length, list.name, list.back, [list.hrefs[at - 1], list.hrefs[at + 1]]);
  }

  const filter = hash.get().get('list');
  if (filter === null) followVisit(); else followFilter(filter).catch(() => { /* the neighbours in the collection stay */ });
})();
