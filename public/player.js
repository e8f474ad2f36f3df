'use strict';
// The clock of a clip's page: which frame and which moment the video shows. A frame is sought in
// its middle, (n + 0.5) / fps, because a time on the border of two may show either.
(() => {
  const { byId, all, json, hash } = avu;
  const data = json('clip-data'), video = byId('video');
  if (!data || !video) return;
  const moments = data.moments, fps = data.fps > 0 ? data.fps : 25, start = data.start || 0;
  const listeners = [];
  // The time of the frame on the screen while it plays; after a jump the time that was asked for.
  let presented = null;
  // A page opens at the moment that tells most; who plays it without having chosen one starts at the beginning.
  let isOpening = false;

  const time = () => presented ?? video.currentTime;
  const frameOf = seconds => Math.max(0, Math.floor((seconds - start) * fps + 0.25));
  const timeOf = number => start + number / fps;
  const frame = () => presented === null ? Math.max(0, Math.floor((video.currentTime - start) * fps + 1e-6)) : frameOf(presented);
  const end = Math.max(0.001, ...moments.map(moment => moment.end));
  const length = () => Math.max(end, video.duration || 0);
  const frames = () => Math.max(1, Math.round(((video.duration || length()) - start) * fps));
  // A place in the clip as all pages write it: minutes, seconds and tenths.
  const clock = seconds => { const tenths = Math.round(10 * seconds); return `${Math.floor(tenths / 600)}:${(tenths % 600 / 10).toFixed(1).padStart(4, '0')}`; };
  const changed = () => listeners.forEach(listener => listener());

  // The moment whose stretch holds a time; none outside of all.
  function momentAt(seconds) {
    let low = 0, high = moments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1, moment = moments[middle];
      if (seconds < moment.start) high = middle - 1;
      else if (seconds >= moment.end) low = middle + 1;
      else return middle;
    }
    return video.duration && seconds >= video.duration - 0.05 && moments.length &&
      seconds - moments[moments.length - 1].end < 0.5 ? moments.length - 1 : -1;
  }

  function seekFrame(number, quiet) {
    if (!Number.isFinite(number)) return;
    isOpening = false;
    const last = video.duration ? frames() - 1 : number;
    const wanted = Math.min(Math.max(0, number), last);
    presented = null;
    video.currentTime = timeOf(wanted + 0.5);
    if (!quiet) hash.set({ t: String(Math.round(1000 * timeOf(wanted)) / 1000), f: null });
    changed();
  }
  const seek = seconds => seekFrame(frameOf(seconds));
  function stepFrame(by) {
    video.pause();
    seekFrame(frame() + by);
  }
  function stepMoment(by, accept) {
    const here = time();
    const candidates = moments.filter(moment => !accept || accept(moment));
    const current = momentAt(here);
    const next = by > 0
      ? candidates.find(moment => moment.start > here + 0.001 && moments.indexOf(moment) !== current)
      : candidates.filter(moment => moment.end <= here + 0.001 && moments.indexOf(moment) !== current).pop();
    video.pause();
    if (next) seek(next.time);
    return Boolean(next);
  }

  function fromHash() {
    const state = hash.get(), number = parseInt(state.get('f'), 10), seconds = parseFloat(state.get('t'));
    if (number >= 0) seekFrame(number, true);
    else if (seconds >= 0) seekFrame(frameOf(seconds), true);
    else changed();
  }
  function open() {
    const telling = data.opening;
    if (telling >= 0 && !['t', 'f'].some(key => hash.get().has(key)) && moments[telling]) {
      seekFrame(frameOf(moments[telling].time), true);
      isOpening = true;
    } else fromHash();
  }

  avu.player = {
    data, video, fps, clock, timeOf, moments, time, frame, frames, length, momentAt, seek, seekFrame, stepFrame, stepMoment,
    stepProblem: by => stepMoment(by, moment => moment.isProblem),
    toggle: () => { if (video.paused) video.play(); else video.pause(); },
    onChange: listener => listeners.push(listener),
  };

  all('.seek').forEach(link => link.addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    video.pause();
    seek(parseFloat(link.dataset.time));
    byId('stage').scrollIntoView({ block: link.closest('.watch') ? 'nearest' : 'center' });
  }));
  const on = (id, act) => byId(id).addEventListener('click', act);
  on('frame-back', () => stepFrame(-1));
  on('frame-on', () => stepFrame(1));
  on('step-back', () => stepMoment(-1));
  on('step-on', () => stepMoment(1));
  on('problem-back', () => avu.player.stepProblem(-1));
  on('problem-on', () => avu.player.stepProblem(1));
  if (!moments.some(moment => moment.isProblem)) byId('problem-back').hidden = byId('problem-on').hidden = true;
  byId('speed').addEventListener('change', event => { video.playbackRate = Number(event.target.value); });

  video.addEventListener('seeking', () => {
    presented = null;
    if (isOpening && Math.abs(video.currentTime - timeOf(frameOf(moments[data.opening].time) + 0.5)) > 0.001) isOpening = false;
  });
  video.addEventListener('play', () => { if (isOpening) seekFrame(0, true); });
  ['seeked', 'seeking', 'timeupdate', 'loadeddata', 'pause', 'durationchange'].forEach(name => video.addEventListener(name, changed));
  addEventListener('hashchange', fromHash);
  if (video.requestVideoFrameCallback) {
    // The clock runs with the sound and may be ahead of the picture, so the frame's own time counts.
    const follow = (_, shown) => {
      if (!video.seeking && (!video.paused || presented !== null)) presented = shown.mediaTime;
      changed();
      video.requestVideoFrameCallback(follow);
    };
    video.requestVideoFrameCallback(follow);
  }

  // A video on the web: nothing is asked of its host before the reader says so.
  const load = byId('load-remote'), remote = byId('remote');
  if (load) load.addEventListener('click', () => {
    video.addEventListener('error', () => {
      remote.hidden = false;
      remote.firstChild.textContent = 'The video cannot be loaded: its host does not answer, or the browser does not play it. ';
      load.textContent = 'Try again';
    }, { once: true });
    video.addEventListener('loadedmetadata', () => { remote.hidden = true; open(); }, { once: true });
    video.src = load.dataset.address;
    video.focus();
  });

  // Captions in the video itself. A track's file may not be read by a page opened by double-click.
  const track = video.addTextTrack('captions', 'What sounds', 'en');
  moments.forEach(moment => {
    if (moment.sentence && window.VTTCue) track.addCue(new VTTCue(moment.start, moment.end, moment.sentence));
  });
  track.mode = 'disabled';
  open();
})();
