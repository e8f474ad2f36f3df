'use strict';
// How a clip's figures stand among those of its collection's other clips.
(() => {
  const { all, clips, place } = avu;
  const tiles = all('[data-rank]'), scope = place.path(location.href).split('/').slice(0, 2).join('/');
  if (!tiles.length) return;
  clips.ranks(scope).then(ranks => tiles.forEach(tile => {
    const percentiles = ranks[tile.dataset.rank], value = Number(tile.dataset.thousandths);
    const share = isSuch => Math.min(100, percentiles.filter(isSuch).length);
    const below = share(other => other < value), above = share(other => other > value);
    if (below || above) tile.textContent = above > below ? `lower than ${above} % of the clips` : `higher than ${below} % of the clips`;
  })).catch(() => { /* the figure stands alone */ });
})();
