'use strict';
// The masks over the video, and the controls that say how they look.
(() => {
  const { byId, all, hash, settings, masks, player } = avu;
  if (!player) return;
  const { video, moments } = player, overlay = byId('overlay'), controls = byId('controls');
  const secondCanvas = byId('second'), sheet = document.createElement('canvas'), stage = byId('stage');
  const now = byId('now'), readout = byId('readout'), divider = byId('divider');
  const radios = name => all(`input[name="${name}"]`, controls), heats = ['certainty', 'attention'];
  // How it looks without a choice; what differs is told in the address.
  const beside = byId('with'), solos = all('#kinds button');
  const plain = { layer: 'prediction', look: 'fill', opacity: 0.6, with: beside ? beside.value : 'truth' };
  const look = { ...plain, divider: 0.5, isOther: false };
  const hiddenKinds = new Set();
  const decoded = new Map();
  let shown = null, paintedKey = '', density = 1;

  // What the prediction is compared with: the truth, or what another run says.
  const other = () => player.data.others[Number(look.with)];
  function second(index) {
    const run = other();
    return masks.decode(run ? run.moments[index] && run.moments[index].prediction : moments[index].truth);
  }
  function masksOf(index) {
    if (!decoded.has(index)) {
      if (decoded.size > 8) decoded.clear();
      const moment = moments[index], prediction = masks.decode(moment.prediction);
      decoded.set(index, {
        prediction, truth: second(index),
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
      case 'prediction': case 'sides': return predicted;
      case 'kinds': return objects.filter(isShown).map(object => ({ mask: object.mask, ink: inks.kinds[object.ink] }));
      case 'truth': return [{ mask: truth, ink: inks.truth }];
      case 'blink': return look.isOther ? [{ mask: truth, ink: inks.truth }] : predicted;
      case 'split': return predicted.map(part => ({ ...part, to: cut })).concat({ mask: truth, ink: inks.truth, from: cut });
      case 'difference': return difference(predicted, truth);
      default: return [];
    }
  }
  // Both, only the prediction, only what it is compared with; the legend says how many pixels.
  function difference(predicted, truth) {
    const { inks } = masks, tallies = all('#legend .tally'), first = predicted.map(part => part.mask).filter(Boolean);
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
    const parts = [
      { mask: make((p, t) => p && t), ink: inks.both }, { mask: make((p, t) => p && !t), ink: inks.extra },
      { mask: make((p, t) => !p && t), ink: inks.missed },
    ];
    parts.forEach((part, place) => { tallies[place].textContent = `${part.mask.area.toLocaleString('en')} px`; });
    return parts;
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
    if (secondCanvas) [secondCanvas, sheet].forEach(canvas => { canvas.width = overlay.width; canvas.height = overlay.height; });
    paintedKey = '';
    draw();
  }

  function cover(canvas, index, list) {
    const context = canvas.getContext('2d');
    const kinds = list.some(part => part.mask && part.mask.area) || look.look === 'cutout' ? masks.kinds(list, canvas.width, canvas.height) : null;
    if (kinds && index >= 0 && look.layer !== 'none') masks.paint(context, kinds, list.map(part => part.ink), { ...look, unit: density });
    else context.clearRect(0, 0, canvas.width, canvas.height);
  }

  // Side by side: the same frame once more, with the other masks.
  function drawSecond() {
    const context = secondCanvas.getContext('2d');
    context.drawImage(video, 0, 0, secondCanvas.width, secondCanvas.height);
    context.drawImage(sheet, 0, 0);
  }

  function draw() {
    const index = player.momentAt(player.time());
    const key = [index, ...Object.values(look), ...hiddenKinds].join();
    if (key !== paintedKey) {
      paintedKey = key;
      const context = overlay.getContext('2d');
      all('#legend .tally').forEach(tally => { tally.textContent = ''; });
      const list = index < 0 ? [] : parts(index, overlay.width);
      cover(overlay, index, list);
      if (look.layer === 'sides') cover(sheet, index, index < 0 ? [] : [{ mask: masksOf(index).truth, ink: masks.inks.truth }]);
      if (heats.includes(look.layer)) {
        context.clearRect(0, 0, overlay.width, overlay.height);
        const map = index >= 0 && moments[index][look.layer];
        if (map) masks.paintMap(context, map, look.opacity);
      }
      if (look.layer === 'split') {
        context.fillStyle = '#fff';
        context.fillRect(Math.round(look.divider * overlay.width) - 1, 0, 2 * density, overlay.height);
      }
    }
    if (look.layer === 'sides') drawSecond();
    if (index !== shown) tell(index);
    const figure = moment => moment && typeof moment.iou === 'number' ? moment.iou.toFixed(3) : '';
    const run = other(), iou = figure(moments[index]), theirs = run ? figure(run.moments[index]) : '';
    readout.textContent = `frame ${player.frame()} of ${player.frames()} · ${player.clock(player.time())}` +
      (iou && ` · IoU ${iou}`) + (theirs && `, ${run.name} ${theirs}`);
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

  // Two pictures in turn, slowly; not for readers who asked for less motion.
  let blinking = 0;
  function blink() {
    clearInterval(blinking);
    look.isOther = false;
    if (look.layer === 'blink') blinking = setInterval(() => { look.isOther = !look.isOther; draw(); }, 800);
  }
  const legends = [['divider-label', ['split']], ['legend', ['difference']], ['certainty-legend', ['certainty']], ['attention-legend', ['attention']],
    ['sides-legend', ['sides']], ['second', ['sides']],
    ['with-label', ['truth', 'difference', 'sides', 'split', 'blink']], ['looks', ['prediction', 'kinds', 'truth', 'difference', 'sides', 'split', 'blink']]];
  function set(name, value, remember = true) {
    look[name] = value;
    if (name === 'with') {
      decoded.clear();
      all('.with-name').forEach(place => { place.textContent = other() ? other().name : 'Truth'; });
    }
    const run = name === 'with' && other();
    if (name in plain) hash.set({ [name]: value === plain[name] ? null : run ? run.key : String(value) });
    if (name === 'layer') {
      legends.forEach(([id, layers]) => { if (byId(id)) byId(id).hidden = !layers.includes(value); });
      stage.classList.toggle('sides', value === 'sides');
      blink();
      place();
    }
    // Which runs there are differs from clip to clip, and nothing moves unasked.
    if (remember && name in plain && name !== 'with' && value !== 'blink') settings.set(name, value);
    paintedKey = '';
    draw();
  }
  function choose(name, value, remember) {
    const option = radios(name).find(input => input.value === value && !input.disabled);
    if (!option) return false;
    option.checked = true;
    set(name, value, remember);
    return true;
  }
  function setOpacity(value, remember) {
    if (!(value >= 0 && value <= 1)) return;
    byId('opacity').value = String(100 * value);
    set('opacity', value, remember);
  }
  // What the address says comes first, then what the reader chose on another clip's page.
  function fromHash() {
    const state = hash.get(), given = name => state.get(name) || settings.get(name);
    const run = state.get('with');
    if (beside && run) {
      const place = player.data.others.findIndex(one => one.key === run);
      if (place >= 0) { beside.value = String(place); set('with', beside.value, false); }
    }
    choose('look', given('look') || plain.look, false);
    setOpacity(parseFloat(given('opacity') || plain.opacity), false);
    if (!choose('layer', given('layer') || plain.layer, false)) choose('layer', plain.layer, false);
  }

  ['layer', 'look'].forEach(name => radios(name).forEach(input => input.addEventListener('change', () => set(name, input.value))));
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) radios('layer').filter(input => input.value === 'blink').forEach(input => {
    input.disabled = true;
    input.parentElement.hidden = true;
  });
  byId('opacity').addEventListener('input', event => set('opacity', event.target.value / 100));
  if (divider) divider.addEventListener('input', event => set('divider', event.target.value / 100));
  if (beside) beside.addEventListener('change', () => set('with', beside.value));
  const boxes = all('#kinds input');
  function showKinds() {
    hiddenKinds.clear();
    boxes.filter(box => !box.checked).forEach(box => hiddenKinds.add(Number(box.dataset.ink)));
    const shown = boxes.filter(box => box.checked);
    solos.forEach(solo => solo.setAttribute('aria-pressed', String(shown.length === 1 && shown[0].dataset.ink === solo.dataset.ink)));
    draw();
  }
  boxes.forEach(box => box.addEventListener('change', showKinds));
  solos.forEach(solo => solo.addEventListener('click', () => {
    const isSolo = solo.getAttribute('aria-pressed') === 'true';
    boxes.forEach(box => { box.checked = isSolo || box.dataset.ink === solo.dataset.ink; });
    showKinds();
  }));
  controls.addEventListener('submit', event => event.preventDefault());
  const full = byId('full');
  const toggleFull = () => document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen();
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

  fromHash();
  player.onChange(draw);
  video.addEventListener('loadedmetadata', place);
  new ResizeObserver(place).observe(video);
  document.addEventListener('fullscreenchange', place);
  addEventListener('hashchange', fromHash);
  if (video.readyState >= 1) place(); else draw();
})();
