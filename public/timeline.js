'use strict';
// One clock for all lanes: a playhead over each, a click goes there, and a slider steps by frames.
(() => {
  const { byId, all, player } = avu;
  const timeline = byId('timeline');
  if (!player || !timeline) return;
  const scrub = byId('scrub');
  const boxes = all('.lane-box', timeline).filter(box => !box.contains(scrub));
  const heads = boxes.map(box => {
    const line = document.createElement('span');
    line.className = 'playhead';
    box.append(line);
    box.addEventListener('click', event => {
      const frame = box.getBoundingClientRect();
      player.seek(player.length() * (event.clientX - frame.left) / frame.width);
    });
    return line;
  });

  function follow() {
    const share = `${100 * Math.min(1, player.time() / player.length())}%`;
    heads.forEach(line => { line.style.left = share; });
    const frame = player.frame(), frames = player.frames();
    scrub.max = String(frames - 1);
    if (document.activeElement !== scrub || player.video.paused) scrub.value = String(frame);
    const moment = player.moments[player.momentAt(player.time())];
    const iou = moment && typeof moment.iou === 'number' ? `, IoU ${moment.iou.toFixed(2)}` : '';
    scrub.setAttribute('aria-valuetext', `frame ${frame} of ${frames}, ${player.clock(player.time())}${iou}`);
  }
  scrub.addEventListener('input', () => { player.video.pause(); player.seekFrame(Number(scrub.value)); });
  player.onChange(follow);
  follow();
})();
