'use strict';
// Keys of the player. They work while the focus is in it, and can be switched off.
(() => {
  const { byId, settings, player, overlay } = avu;
  if (!player || !overlay) return;
  const region = byId('player'), isOn = byId('keys-on'), list = byId('keys');
  const go = id => () => { const link = byId(id); if (link) location.href = link.href; };
  const actions = {
    ' ': player.toggle, ',': () => player.stepFrame(-1), '.': () => player.stepFrame(1),
    ArrowLeft: () => player.stepMoment(-1), ArrowRight: () => player.stepMoment(1),
    b: () => player.stepProblem(-1), n: () => player.stepProblem(1),
    p: () => overlay.choose('layer', 'prediction'), g: () => overlay.choose('layer', 'truth'),
    d: () => overlay.choose('layer', 'difference'), s: () => overlay.choose('layer', 'sides'), x: () => overlay.choose('layer', 'none'),
    c: () => overlay.choose('layer', 'certainty'), a: () => overlay.choose('layer', 'attention'),
    m: overlay.nextLayer, o: overlay.nextLook, f: overlay.toggleFull,
    '[': go('previous'), ']': go('next'), '?': () => { list.open = !list.open; },
  };
  isOn.checked = settings.get('keys') !== 'off';
  isOn.addEventListener('change', () => settings.set('keys', isOn.checked ? 'on' : 'off'));
  region.addEventListener('keydown', event => {
    if (!isOn.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[event.key], tag = event.target.tagName;
    // What an element does with a key by itself stays its own.
    if (!action || (event.key.startsWith('Arrow') || event.key === ' ') && /^(BUTTON|INPUT|SELECT|SUMMARY|VIDEO)$/.test(tag)) return;
    event.preventDefault();
    action();
  });
  region.tabIndex = 0;
})();
