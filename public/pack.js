'use strict';
// Shows pages that are packed together: in scripts of a site with few files, or in a single file. The
// address of such a page is '?' and its path, so that everything after '#' means what it always does.
globalThis.avuPack = (() => {
  const own = document.currentScript, given = own.dataset, block = document.getElementById('pack');
  const inside = block ? JSON.parse(block.textContent) : null;
  const here = location.href.split(/[?#]/)[0];
  const site = inside ? null : new URL('..', own.src);
  const viewer = inside ? here : new URL('clip.html', site).href;
  const isViewer = Boolean(inside) || given.viewer === '';
  const wanted = decodeURIComponent(location.search.slice(1));
  const arrived = new Map(), asked = new Map();
  globalThis.avuPacked = (name, files) => arrived.set(name, files);

  // The script that holds a path: 32-bit FNV-1a of its bytes.
  function shard(path, count) {
    let hash = 2166136261;
    for (const byte of new TextEncoder().encode(path)) hash = Math.imul(hash ^ byte, 16777619) >>> 0;
    return hash % count;
  }
  async function fetchFrom(kind, path) {
    const name = `${kind}-${shard(path, Number(given[kind]))}`;
    if (!asked.has(name)) {
      asked.set(name, new Promise((done, fail) => {
        const script = document.createElement('script');
        script.addEventListener('load', () => done(arrived.get(name) || {}));
        script.addEventListener('error', () => fail(new Error(`pack/${name}.js cannot be read`)));
        script.src = new URL(`pack/${name}.js?${given.version}`, site).href;
        document.head.append(script);
      }));
    }
    const files = await asked.get(name);
    return Object.hasOwn(files, path) ? files[path] : null;
  }
  async function inflated(text) {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json();
  }

  // An address that a browser shows, plays or saves. What can be long becomes a blob: long data:
  // addresses cannot be saved.
  const types = { json: 'application/json', vtt: 'text/vtt', atom: 'application/atom+xml' };
  function blobOf(content, path) {
    const data = /^data:([^;,]*);base64,/.exec(content);
    if (!data) return new Blob([content], { type: types[path.split('.').pop()] || 'text/plain' });
    return new Blob([Uint8Array.from(atob(content.slice(data[0].length)), letter => letter.charCodeAt(0))], { type: data[1] });
  }
  function place(element, attribute, files) {
    const path = element.getAttribute(attribute).slice(5);
    const content = Object.hasOwn(files, path) ? files[path] : '';
    const isShort = element.tagName === 'IMG' && content.startsWith('data:image/');
    element.setAttribute(attribute, isShort || attribute === 'poster' ? content : URL.createObjectURL(blobOf(content, path)));
    if (element.hasAttribute('download')) element.setAttribute('download', path.split('/').pop());
  }

  const script = path => {
    const element = document.createElement('script');
    element.async = false;
    if (inside) element.textContent = inside.scripts[path] || '';
    else element.src = new URL(path, site).href;
    return element;
  };
  function run(scripts) {
    scripts.forEach(path => document.body.append(script(path)));
    const target = document.getElementById(location.hash.slice(1));
    if (target) target.scrollIntoView();
  }
  function show(page, files) {
    // Nothing in a template is fetched or run, so no address is asked for before it is in place.
    const holder = document.createElement('template'), title = document.createElement('template');
    holder.innerHTML = page.body;
    title.innerHTML = page.title;
    ['src', 'poster', 'href'].forEach(attribute => holder.content.querySelectorAll(`[${attribute}^="pack:"]`)
      .forEach(element => place(element, attribute, files)));
    document.title = title.content.textContent;
    document.body.replaceChildren(holder.content);
    run(page.scripts);
  }
  function fail(words) {
    const line = document.getElementById('pack-problem');
    if (line) line.textContent = words;
  }

  if (isViewer) (async () => {
    // The scripts of a page ask for what this one returns.
    await null;
    if (!inside) {
      const page = await fetchFrom('pages', wanted);
      if (!page) return fail('There is no such clip in this site.');
      if (!globalThis.DecompressionStream) return fail('This browser is too old to show packed pages.');
      const content = await inflated(page);
      return show(content, content.files);
    }
    const page = Object.hasOwn(inside.pages, wanted) ? inside.pages[wanted] : null;
    if (page) return show(page, inside.files);
    document.querySelectorAll('a[href^="data:"]').forEach((link, number) => {
      link.href = URL.createObjectURL(blobOf(link.href, ''));
      if (link.hasAttribute('download')) link.setAttribute('download', inside.names[number]);
    });
    run(inside.first);
  })().catch(error => fail(`This page cannot be shown: ${error.message}.`));

  return {
    // The address of a page, by its path from the site's folder, and the other way round.
    address: path => inside || /^collections\/[^/]+\/clips\//.test(path) ? `${viewer}?${path}` : new URL(path, site).href,
    path: address => {
      const [file, page] = address.split('#')[0].split('?');
      if (page) return decodeURIComponent(page);
      return site && file.startsWith(site.href) ? file.slice(site.href.length) : '';
    },
    // Shows a small picture of a list.
    async show(image, path) {
      const content = inside ? inside.files[path] : await fetchFrom('pictures', path);
      if (content) image.src = content;
    },
    script,
  };
})();
