'use strict';
(() => {
  const byId = id => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const json = id => { const block = byId(id); return block ? JSON.parse(block.textContent) : null; };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch (_) { /* private mode */ } };
  const recall = key => { try { return localStorage.getItem(key); } catch (_) { return null; } };

  const hashState = () => new URLSearchParams(location.hash.slice(1));
  const setHash = state => {
    const text = state.toString();
    history.replaceState(null, '', text ? '#' + text : location.pathname + location.search);
  };

  // Theme: what the system says until the reader chooses.
  const root = document.documentElement;
  const stored = recall('avu-theme');
  if (stored === 'dark' || stored === 'light') root.dataset.theme = stored;

  function setUpTheme() {
    const button = byId('theme');
    const isDark = () => root.dataset.theme
      ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    const label = () => { button.textContent = isDark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', `Switch to the ${isDark() ? 'light' : 'dark'} theme`); };
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      remember('avu-theme', root.dataset.theme);
      label();
    });
    label();
  }

  // COCO's compressed run lengths: five bits a character, each run from the third on relative to
  // the run two before it, runs going down the columns, zeros first.
  function decodeMask(mask) {
    if (!mask || !mask.size || mask.size.length !== 2) return null;
    const [height, width] = mask.size;
    if (!(height > 0 && width > 0 && height * width <= 67108864)) return null;
    const runs = [];
    for (let at = 0; at < mask.counts.length;) {
      let value = 0, shift = 0, group;
      do {
        group = mask.counts.charCodeAt(at++) - 48;
        if (!(group >= 0 && group < 64) || shift > 30) return null;
        value |= (group & 31) << shift;
        shift += 5;
      } while (group & 32);
      if (group & 16 && shift < 32) value |= -1 << shift;
      if (runs.length > 2) value += runs[runs.length - 2];
      if (value < 0) return null;
      runs.push(value);
    }
    if (runs.reduce((sum, run) => sum + run, 0) !== height * width) return null;
    const pixels = new Uint8Array(height * width);
    let position = 0, any = false;
    runs.forEach((run, index) => {
      if (index % 2) {
        any = any || run > 0;
        for (let place = position; place < position + run; place++) {
          pixels[(place % height) * width + Math.floor(place / height)] = 1;
        }
      }
      position += run;
    });
    return any ? { width, height, pixels } : null;
  }

  const amber = [255, 176, 0], blue = [72, 148, 255], white = [255, 255, 255];

  // One mask or the difference of two as a picture, no wider than a screen needs.
  function paint(prediction, truth, layer, opacity, outline) {
    const first = layer === 'truth' ? truth : prediction;
    const second = layer === 'difference' ? truth : null;
    const shape = first || second;
    if (!shape) return null;
    const every = Math.max(1, Math.floor(Math.max(shape.width, shape.height) / 960));
    const width = Math.ceil(shape.width / every), height = Math.ceil(shape.height / every);
    // For each pixel: 1 in the first mask, 2 in the second, 3 in both.
    const kinds = new Uint8Array(width * height);
    [[first, 1], [second, 2]].forEach(([mask, bit]) => {
      if (!mask || mask.width !== shape.width || mask.height !== shape.height) return;
      for (let y = 0, place = 0; y < height; y++) {
        for (let x = 0; x < width; x++, place++) {
          if (mask.pixels[y * every * mask.width + x * every]) kinds[place] |= bit;
        }
      }
    });
    const colours = [null, layer === 'truth' ? blue : amber, blue, white];
    const picture = new ImageData(width, height), data = picture.data;
    const reach = Math.max(1, Math.round(width / 320)), down = reach * width;
    for (let y = 0, place = 0; y < height; y++) {
      for (let x = 0; x < width; x++, place++) {
        const here = kinds[place];
        if (!here) continue;
        const edge = outline && (
          (x >= reach && kinds[place - reach] !== here) || (x < width - reach && kinds[place + reach] !== here) ||
          (y >= reach && kinds[place - down] !== here) || (y < height - reach && kinds[place + down] !== here));
        // Missed parts are hatched, so that colour is not the only sign.
        const hatch = here === 2 && (x + y) % (8 * reach) < 4 * reach ? 0.45 : 1;
        const colour = colours[here], at = 4 * place;
        data[at] = colour[0];
        data[at + 1] = colour[1];
        data[at + 2] = colour[2];
        data[at + 3] = edge ? 255 : 255 * opacity * hatch;
      }
    }
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d').putImageData(picture, 0, 0);
    return canvas;
  }

  function setUpPlayer() {
    const data = json('clip-data');
    const video = byId('video'), overlay = byId('overlay'), stage = byId('stage'), player = byId('player');
    if (!data || !video || !overlay) return;
    const moments = data.moments, now = byId('now'), controls = byId('controls');
    const settings = { layer: 'prediction', opacity: 0.5, outline: true };
    const timeline = byId('timeline');
    const decoded = new Map();
    let shown = null, painted = null, paintedKey = '';
    // The time of the frame on the screen while it plays; after a jump the time that was asked for.
    let presented = null;
    const frameTime = () => presented ?? video.currentTime;

    // The moment whose stretch holds a time; none outside of all.
    const momentAt = time => {
      let low = 0, high = moments.length - 1;
      while (low <= high) {
        const middle = (low + high) >> 1, moment = moments[middle];
        if (time < moment.start) high = middle - 1;
        else if (time >= moment.end) low = middle + 1;
        else return middle;
      }
      return video.duration && time >= video.duration - 0.05 && moments.length &&
        time - moments[moments.length - 1].end < 0.5 ? moments.length - 1 : -1;
    };
    const masks = index => {
      if (!decoded.has(index)) {
        if (decoded.size > 8) decoded.clear();
        decoded.set(index, [decodeMask(moments[index].prediction), decodeMask(moments[index].truth)]);
      }
      return decoded.get(index);
    };

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
      const density = Math.min(2, devicePixelRatio || 1);
      overlay.width = Math.max(1, Math.round(w * density));
      overlay.height = Math.max(1, Math.round(h * density));
      draw(true);
    }

    function draw(force) {
      const index = momentAt(frameTime());
      const key = [index, settings.layer, settings.opacity, settings.outline].join();
      if (key !== paintedKey || force) {
        if (key !== paintedKey) {
          painted = index < 0 || settings.layer === 'none'
            ? null : paint(...masks(index), settings.layer, settings.opacity, settings.outline);
          paintedKey = key;
        }
        const context = overlay.getContext('2d');
        context.clearRect(0, 0, overlay.width, overlay.height);
        if (painted) context.drawImage(painted, 0, 0, overlay.width, overlay.height);
      }
      if (index !== shown) tell(index);
      head();
    }

    function tell(index) {
      shown = index;
      const moment = moments[index];
      const text = moment && moment.sentence;
      now.textContent = text || (moment ? (moment.sounding ? 'Something sounds.' : 'Nothing visible sounds.') : '');
      now.classList.toggle('silent', !text);
      const time = moment ? moment.time.toFixed(3) : '';
      all('tr[data-time], .sentences li').forEach(row => {
        const isCurrent = row.dataset.time === time;
        row.classList.toggle('current', isCurrent);
        if (isCurrent) row.setAttribute('aria-current', 'true'); else row.removeAttribute('aria-current');
      });
    }

    const boxes = timeline ? all('.strip-box', timeline) : [];
    const end = Math.max(...moments.map(moment => moment.end), 0.001);
    const length = () => Math.max(end, video.duration || 0);
    const heads = boxes.map(box => {
      const line = document.createElement('span');
      line.className = 'playhead';
      box.append(line);
      box.addEventListener('click', event => {
        const frame = box.getBoundingClientRect();
        seek(length() * (event.clientX - frame.left) / frame.width);
      });
      return line;
    });
    function head() {
      const share = `${100 * Math.min(1, frameTime() / length())}%`;
      heads.forEach(line => { line.style.left = share; });
    }

    function seek(time) {
      if (!Number.isFinite(time)) return;
      const limit = video.duration ? Math.max(0, video.duration - 0.01) : time;
      video.currentTime = Math.min(Math.max(0, time), limit);
      const state = hashState();
      state.set('t', String(Math.round(video.currentTime * 1000) / 1000));
      setHash(state);
      draw();
    }
    function step(by) {
      const time = video.currentTime;
      const later = moments.findIndex(moment => moment.start > time + 0.001);
      const here = momentAt(time) >= 0 ? momentAt(time) : (later < 0 ? moments.length : later) - (by > 0 ? 1 : 0);
      const next = moments[here + by];
      video.pause();
      if (next) seek(next.time);
    }
    function fromHash() {
      const state = hashState();
      const layer = state.get('layer');
      const option = all('input[name="layer"]', controls).find(input => input.value === layer);
      if (option) { option.checked = true; settings.layer = layer; }
      const time = parseFloat(state.get('t'));
      if (Number.isFinite(time) && time >= 0) video.currentTime = time;
      draw();
    }
    function setLayer(value) {
      settings.layer = value;
      const state = hashState();
      if (value === 'prediction') state.delete('layer'); else state.set('layer', value);
      setHash(state);
      draw();
    }
    const toggleFull = () => document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen();

    all('.seek').forEach(link => link.addEventListener('click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      seek(parseFloat(link.dataset.time));
      if (!link.closest('.watch')) stage.scrollIntoView({ block: 'center' });
    }));
    controls.addEventListener('submit', event => event.preventDefault());
    all('input[name="layer"]', controls).forEach(input => input.addEventListener('change', () => setLayer(input.value)));
    byId('opacity').addEventListener('input', event => { settings.opacity = event.target.value / 100; draw(); });
    byId('outline').addEventListener('change', event => { settings.outline = event.target.checked; draw(); });
    byId('step-back').addEventListener('click', () => step(-1));
    byId('step-on').addEventListener('click', () => step(1));
    const full = byId('full');
    if (document.fullscreenEnabled) full.addEventListener('click', toggleFull); else full.hidden = true;
    byId('copy').addEventListener('click', async event => {
      seek(video.currentTime);
      const button = event.target;
      try { await navigator.clipboard.writeText(location.href); button.textContent = 'Copied'; } catch (_) { button.textContent = 'Link is in the address bar'; }
      setTimeout(() => { button.textContent = 'Copy link'; }, 2000);
    });
    player.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const radios = all('input[name="layer"]', controls);
      const actions = {
        ',': () => step(-1), '.': () => step(1), f: toggleFull,
        o: () => { byId('outline').click(); },
        m: () => { radios[(radios.findIndex(input => input.checked) + 1) % radios.length].click(); },
      };
      if (event.key === ' ' && !/^(BUTTON|INPUT|SUMMARY|VIDEO)$/.test(event.target.tagName)) {
        actions[' '] = () => { if (video.paused) video.play(); else video.pause(); };
      }
      const action = actions[event.key];
      if (action) { event.preventDefault(); action(); }
    });

    video.addEventListener('seeking', () => { presented = null; });
    ['seeked', 'seeking', 'timeupdate', 'loadeddata', 'pause'].forEach(name => video.addEventListener(name, () => draw()));
    video.addEventListener('loadedmetadata', place);
    addEventListener('resize', place);
    document.addEventListener('fullscreenchange', place);
    addEventListener('hashchange', fromHash);
    if (video.requestVideoFrameCallback) {
      // The clock runs with the sound and may be ahead of the picture, so the frame's own time counts.
      const follow = (_, frame) => {
        if (!video.seeking && (!video.paused || presented !== null)) presented = frame.mediaTime;
        draw();
        video.requestVideoFrameCallback(follow);
      };
      video.requestVideoFrameCallback(follow);
    }
    player.tabIndex = 0;
    if (video.readyState >= 1) place();
    fromHash();
  }

  all('.js-only').forEach(element => { element.hidden = false; });
  setUpTheme();
  setUpPlayer();
})();
