'use strict';
// The masks over the video, and the controls that say how they look.
(() => {
  const { byId, all, hash, settings, masks, player } = avu;
  if (!player) return;
  const { video, moments } = player, overlay = byId('overlay'), controls = byId('controls');
  const now = byId('now'), readout = byId('readout'), divider = byId('divider');
  const radios = name => all(`input[name="${name}"]`, controls);
  const look = { layer: 'prediction', look: 'fill', opacity: 0.6, divider: 0.5 };
  const hiddenKinds = new Set();
  const decoded = new Map();
  let shown = null, paintedKey = '', density = 1;

  function masksOf(index) {
    if (!decoded.has(index)) {
      if (decoded.size > 8) decoded.clear();
      const moment = moments[index], prediction = masks.decode(moment.prediction);
      decoded.set(index, {
        prediction, truth: masks.decode(moment.truth),
        objects: moment.objects.map(object => ({ ink: object.ink, mask: object.mask ? masks.decode(object.mask) : prediction })),
      });
    }
    return decoded.get(index);
  }

  // What is painted in a moment: masks with inks, bottom first.
  function parts(index, width) {
    const { prediction, truth, objects } = masksOf(index), { inks } = masks;
    const isShown = object => !hiddenKinds.has(object.ink);
    const predicted = objects.every(isShown) ? [{ mask: prediction, ink: inks.prediction }]
      : objects.filter(isShown).map(object => ({ mask: object.mask, ink: inks.prediction }));
    const cut = Math.round(look.divider * width);
    switch (look.layer) {
      case 'prediction': return predicted;
      case 'kinds': return objects.filter(isShown).map(object => ({ mask: object.mask, ink: inks.kinds[object.ink] }));
      case 'truth': return [{ mask: truth, ink: inks.truth }];
      case 'split': return predicted.map(part => ({ ...part, to: cut })).concat({ mask: truth, ink: inks.truth, from: cut });
      case 'difference': return difference(predicted, truth);
      default: return [];
    }
  }
  function difference(predicted, truth) {
    const { inks } = masks, first = predicted.map(part => part.mask).filter(Boolean);
    const shape = truth || first[0];
    if (!shape) return [];
    const make = test => {
      const pixels = new Uint8Array(shape.width * shape.height);
      let area = 0;
      for (let place = 0; place < pixels.length; place++) {
        const isPredicted = first.some(mask => mask.pixels[place]), isTrue = Boolean(truth && truth.pixels[place]);
        if (test(isPredicted, isTrue)) { pixels[place] = 1; area++; }
      }
      return { width: shape.width, height: shape.height, pixels, area };
    };
    return [
      { mask: make((p, t) => p && t), ink: inks.both }, { mask: make((p, t) => p && !t), ink: inks.extra },
      { mask: make((p, t) => !p && t), ink: inks.missed },
    ];
  }

  // The canvas covers the picture, not the bars that the player may have around it.
  function place() {
    const width = video.videoWidth || video.clientWidth, height = video.videoHeight || video.clientHeight;
    if (!width || !height) return;
    const scale = Math.min(video.clientWidth / width, video.clientHeight / height);
    const w = width * scale, h = height * scale;
    overlay.style.width = `${w}px`;
    overlay.style.height = `${h}px`;
    overlay.style.left = `${video.offsetLeft + (video.clientWidth - w) / 2}px`;
    overlay.style.top = `${video.offsetTop + (video.clientHeight - h) / 2}px`;
    density = Math.min(2, devicePixelRatio || 1, 1920 / Math.max(w, h, 1));
    overlay.width = Math.max(1, Math.round(w * density));
    overlay.height = Math.max(1, Math.round(h * density));
    paintedKey = '';
    draw();
  }

  function draw() {
    const index = player.momentAt(player.time());
    const key = [index, ...Object.values(look), ...hiddenKinds].join();
    if (key !== paintedKey) {
      paintedKey = key;
      const context = overlay.getContext('2d');
      const list = index < 0 ? [] : parts(index, overlay.width);
      const kinds = list.some(part => part.mask && part.mask.area) || look.look === 'cutout' ? masks.kinds(list, overlay.width, overlay.height) : null;
      if (kinds && index >= 0 && look.layer !== 'none') masks.paint(context, kinds, list.map(part => part.ink), { ...look, unit: density });
      else context.clearRect(0, 0, overlay.width, overlay.height);
      if (look.layer === 'certainty') {
        context.clearRect(0, 0, overlay.width, overlay.height);
        if (index >= 0 && moments[index].certainty) masks.paintCertainty(context, moments[index].certainty, look.opacity);
      }
      if (look.layer === 'split') {
        context.fillStyle = '#fff';
        context.fillRect(Math.round(look.divider * overlay.width) - 1, 0, 2 * density, overlay.height);
      }
    }
    if (index !== shown) tell(index);
    const iou = moments[index] && moments[index].iou;
    readout.textContent = `frame ${player.frame()} of ${player.frames()} · ${player.time().toFixed(2)} s` +
      (iou === undefined || iou === null ? '' : ` · IoU ${iou.toFixed(3)}`);
  }

  function tell(index) {
    shown = index;
    const moment = moments[index];
    now.textContent = moment ? moment.sentence || (moment.sounding ? 'Something sounds.' : 'Nothing visible sounds.') : '';
    now.classList.toggle('silent', !(moment && moment.sentence));
    all('tr[data-time], .sentences li').forEach(row => {
      const from = Number(row.dataset.time);
      const isCurrent = Boolean(moment) && (row.dataset.end
        ? moment.time >= from - 0.001 && !(nextCue(row) <= moment.time) && Boolean(moment.sentence)
        : Math.abs(from - moment.time) < 0.0006);
      row.classList.toggle('current', isCurrent);
      if (isCurrent) row.setAttribute('aria-current', 'true'); else row.removeAttribute('aria-current');
    });
  }
  const nextCue = row => row.nextElementSibling ? Number(row.nextElementSibling.dataset.time) - 0.001 : Infinity;

  function set(name, value, remember = true) {
    look[name] = value;
    if (name === 'layer') {
      hash.set({ layer: value === 'prediction' ? null : value });
      [['divider-label', 'split'], ['legend', 'difference'], ['certainty-legend', 'certainty']].forEach(([id, layer]) => {
        if (byId(id)) byId(id).hidden = value !== layer;
      });
    }
    if (remember && name !== 'divider') settings.set(name, value);
    draw();
  }
  function choose(name, value, remember) {
    const option = radios(name).find(input => input.value === value);
    if (!option) return false;
    option.checked = true;
    set(name, value, remember);
    return true;
  }
  function fromHash() { choose('layer', hash.get().get('layer') || 'prediction', false); }

  ['layer', 'look'].forEach(name => radios(name).forEach(input => input.addEventListener('change', () => set(name, input.value))));
  byId('opacity').addEventListener('input', event => set('opacity', event.target.value / 100));
  if (divider) divider.addEventListener('input', event => set('divider', event.target.value / 100));
  all('#kinds input').forEach(input => input.addEventListener('change', () => {
    if (input.checked) hiddenKinds.delete(Number(input.dataset.ink)); else hiddenKinds.add(Number(input.dataset.ink));
    draw();
  }));
  controls.addEventListener('submit', event => event.preventDefault());
  const full = byId('full');
  const toggleFull = () => document.fullscreenElement ? document.exitFullscreen() : byId('stage').requestFullscreen();
  if (document.fullscreenEnabled) full.addEventListener('click', toggleFull); else full.hidden = true;

  avu.overlay = {
    choose, toggleFull, masksOf,
    nextLook: () => { const list = radios('look'); choose('look', list[(list.findIndex(input => input.checked) + 1) % list.length].value); },
    nextLayer: () => { const list = radios('layer'); choose('layer', list[(list.findIndex(input => input.checked) + 1) % list.length].value); },
  };

  // The poster is for readers without scripts: it has masks drawn in, of another moment.
  video.removeAttribute('poster');
  // The browser's own button would show the video without its masks.
  video.setAttribute('controlslist', 'nofullscreen');

  ['legend', 'certainty-legend'].forEach(id => { if (byId(id)) byId(id).hidden = true; });

  // What a reader chose on another clip's page holds here, too.
  const opacity = parseFloat(settings.get('opacity'));
  if (opacity >= 0 && opacity <= 1) { look.opacity = opacity; byId('opacity').value = String(100 * opacity); }
  choose('look', settings.get('look'), false);
  if (hash.get().get('layer')) fromHash(); else if (settings.get('layer')) choose('layer', settings.get('layer'), false);
  player.onChange(draw);
  video.addEventListener('loadedmetadata', place);
  addEventListener('resize', place);
  document.addEventListener('fullscreenchange', place);
  addEventListener('hashchange', fromHash);
  if (video.readyState >= 1) place(); else draw();
})();
