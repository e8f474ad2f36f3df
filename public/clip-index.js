'use strict';
// The clips of the site, column by column, as the scripts in index/ hand them over: what lists show,
// and what a clip's page goes on by. A part is read when it is needed, and no server is asked.
avu.clips = (() => {
  const arrived = new Map(), asked = new Map();
  globalThis.avuClips = (name, data) => { arrived.set(name, data); };

  function read(file) {
    if (asked.has(file)) return asked.get(file);
    const name = file.replace(/^index\/(.+?)(\.[0-9a-f]{12})?\.js$/, '$1');
    const reading = new Promise((done, fail) => {
      const script = avu.place.script(file);
      const failed = () => fail(new Error(`${file} cannot be read`));
      const loaded = () => {
        if (!arrived.has(name)) return failed();
        done(arrived.get(name));
        arrived.delete(name);
      };
      script.addEventListener('load', loaded);
      script.addEventListener('error', failed);
      document.head.append(script);
      // A script in a single file has run by now.
      if (!script.src) loaded();
    });
    asked.set(file, reading);
    return reading;
  }

  const none = '(none)';
  // Without a name here a facet shows its values as they are.
  const bands = [[900, '0.9 and more'], [750, '0.75 to 0.9'], [500, '0.5 to 0.75'], [250, '0.25 to 0.5'], [0, 'below 0.25'], [-1, 'not scored']];
  const problems = ['missed', 'false alarm', 'low overlap', 'nothing wrong', 'not judged'];
  const sounds = ['sounding', 'silent', 'not analysed'];
  const numbers = ['iou', 'fScore', 'duration', 'sounding'];

  // A facet: for each clip a code, and for each code the values that stand for it.
  function facet(key, label, codes, values, members) {
    return { key, label, codes, values, members: members || values.map((_, code) => [code]) };
  }

  // Figures that can be limited, with how many of the index's units are one of the reader's.
  const ranges = { iou: 1000, fScore: 1000, duration: 10 };
  function range(text) {
    const ends = /^(\d*\.?\d*)\.\.(\d*\.?\d*)$/.exec(text || '') || [];
    return [ends[1] || '', ends[2] || ''];
  }

  // What a reader chose, as the part of an address after '#'.
  const lists = ['state', 'category', 'truth', 'said', 'model', 'score', 'sound', 'problem', 'collection'];
  function parse(text) {
    const given = new URLSearchParams(text);
    return {
      q: given.get('q') || '', sort: given.get('sort') || '', dir: given.get('dir') === 'desc' ? 'desc' : 'asc',
      p: Math.max(1, parseInt(given.get('p'), 10) || 1), view: given.get('view') === 'pictures' ? 'pictures' : '',
      not: new Set(given.getAll('not').filter(key => lists.includes(key))),
      ranges: Object.fromEntries(Object.keys(ranges).map(key => [key, range(given.get(key))])),
      chosen: Object.fromEntries(lists.map(key => [key, new Set(given.getAll(key))])),
    };
  }
  function format(state) {
    const text = new URLSearchParams();
    if (state.q) text.set('q', state.q);
    lists.forEach(key => Array.from(state.chosen[key]).sort().forEach(value => text.append(key, value)));
    Array.from(state.not).sort().forEach(key => { if (state.chosen[key].size) text.append('not', key); });
    Object.keys(ranges).forEach(key => { if (state.ranges[key].join('')) text.set(key, state.ranges[key].join('..')); });
    if (state.view) text.set('view', state.view);
    if (state.sort) text.set('sort', state.sort);
    if (state.sort && state.dir === 'desc') text.set('dir', 'desc');
    if (state.p > 1) text.set('p', String(state.p));
    return text.toString();
  }

  class ClipList {
    constructor(scope, parts, columns) {
      this.scope = scope;
      this.parts = parts;
      this.count = parts.reduce((sum, part) => sum + part.clips, 0);
      this.ids = [];
      this.partOf = new Uint16Array(this.count);
      numbers.forEach(name => { this[name] = new Int32Array(this.count); });
      const named = Object.fromEntries(['state', 'category', 'truth', 'said', 'model', 'collection'].map(name =>
        [name, { values: [none], codes: new Uint32Array(this.count), known: new Map() }]));
      const code = (column, value) => {
        if (!column.known.has(value)) { column.known.set(value, column.values.length); column.values.push(value); }
        return column.known.get(value);
      };
      const wrong = new Uint32Array(this.count);
      let first = 0;
      parts.forEach((part, number) => {
        const data = columns[number];
        part.first = first;
        part.folder = data.folder;
        this.partOf.fill(number, first, first + part.clips);
        for (const id of data.id) this.ids.push(id);
        numbers.forEach(name => this[name].set(data[name], first));
        wrong.set(data.problems, first);
        ['state', 'category', 'truth', 'said', 'model'].forEach(name => {
          const codes = [0, ...data[name].names.map(value => code(named[name], value))];
          data[name].clips.forEach((local, place) => { named[name].codes[first + place] = codes[local]; });
        });
        named.collection.codes.fill(code(named.collection, part.collection.name), first, first + part.clips);
        first += part.clips;
      });
      const score = this.iou.length ? Uint32Array.from(this.iou, value => bands.findIndex(band => value >= band[0])) : new Uint32Array(0);
      const sound = Uint32Array.from(this.sounding, value => value > 0 ? 0 : value === 0 ? 1 : 2);
      const which = Array.from({ length: 9 }, (_, bits) => bits === 0 ? [4] : bits === 8 ? [3] : [0, 1, 2].filter(bit => bits & (1 << bit)));
      this.category = named.category;
      this.state = named.state;
      this.facets = [
        facet('collection', 'Collection', named.collection.codes, named.collection.values),
        facet('state', 'State', named.state.codes, named.state.values),
        facet('category', 'Category', named.category.codes, named.category.values),
        facet('score', 'mIoU', score, bands.map(band => band[1])),
        facet('problem', 'What is wrong', wrong, problems, which),
        facet('sound', 'Sound', sound, sounds),
        facet('truth', 'What sounds, by people', named.truth.codes, named.truth.values),
        facet('said', 'What sounds, by the model', named.said.codes, named.said.values),
        facet('model', 'Model', named.model.codes, named.model.values),
      ];
      this.orders = new Map();
      this.texts = parts.map(() => null);
    }

    // Reads what the rows of some clips show; of all clips when none are named.
    readTexts(places) {
      const missing = this.missingTexts(places);
      return Promise.all(missing.map(async number => {
        const part = this.parts[number], data = await read(part.texts);
        const sentences = data.sentences.map(text => text.toLowerCase());
        data.searched = data.said.map((said, place) => [this.ids[part.first + place],
          this.category.values[this.category.codes[part.first + place]], data.reason[place] || ''].join('\n').toLowerCase() +
          said.map(index => '\n' + sentences[index]).join(''));
        this.texts[number] = data;
      }));
    }
    missingTexts(places) {
      const wanted = places ? Array.from(new Set(Array.from(places, place => this.partOf[place]))) : this.parts.map((_, number) => number);
      return wanted.filter(number => !this.texts[number]);
    }

    // The order of all clips by a column; what has no value comes last either way.
    order(key, dir) {
      const name = `${key} ${dir}`, count = this.count, sign = dir === 'desc' ? -1 : 1;
      if (this.orders.has(name)) return this.orders.get(name);
      let order = null;
      // Numbers with the place behind them: sorted several times as fast as by a function.
      const sorted = (values, rank) => Uint32Array.from(
        Float64Array.from(values, (value, place) => rank(value) * 2 ** 21 + place).sort(), key => ((key % 2 ** 21) + 2 ** 21) % 2 ** 21);
      if (numbers.includes(key)) order = sorted(this[key], value => value < 0 ? 2 ** 31 : sign * value);
      else if (['category', 'state'].includes(key)) {
        const { values, codes } = this[key], ranks = new Float64Array(values.length);
        values.map((_, code) => code).slice(1).sort((a, b) => values[a] < values[b] ? -1 : 1).forEach((code, rank) => { ranks[code] = sign * rank; });
        ranks[0] = 2 ** 31;
        order = sorted(codes, code => ranks[code]);
      } else if (key === 'id') {
        const ids = this.ids;
        order = Uint32Array.from({ length: count }, (_, place) => place).sort((a, b) => ids[a] === ids[b] ? a - b : ids[a] < ids[b] ? -sign : sign);
      }
      this.orders.set(name, order);
      return order;
    }

    // The clips that match, in order, and for each facet how many there are by code, with what the
    // other facets and the search say. Text must have been read for a search.
    select(state) {
      const words = state.q.toLowerCase().split(/\s+/).filter(word => word && word !== '-');
      const wanted = words.filter(word => word[0] !== '-'), unwanted = words.filter(word => word[0] === '-').map(word => word.slice(1));
      const counts = this.facets.map(facet => new Uint32Array(facet.members.length));
      const tests = [];
      this.facets.forEach((facet, number) => {
        const chosen = state.chosen[facet.key];
        if (!chosen.size) return;
        const isOut = state.not.has(facet.key);
        const passes = Uint8Array.from(facet.members, values => values.some(value => chosen.has(facet.values[value])) !== isOut);
        tests.push({ number, codes: facet.codes, passes });
      });
      const limits = Object.entries(state.ranges).filter(([, ends]) => ends.join('')).map(([key, [low, high]]) =>
        ({ values: this[key], low: low === '' ? 0 : low * ranges[key], high: high === '' ? Infinity : high * ranges[key] }));
      // What keeps a clip out: 0 for nothing, 1 and its number for a single facet, 255 for anything else.
      // One column after the other: a loop over one is several times as fast as one over all.
      const out = new Uint8Array(this.count);
      limits.forEach(({ values, low, high }) => {
        for (let place = 0; place < out.length; place++) if (!(values[place] >= low && values[place] <= high)) out[place] = 255;
      });
      tests.forEach(({ number, codes, passes }) => {
        for (let place = 0; place < out.length; place++) if (!passes[codes[place]]) out[place] = out[place] ? 255 : number + 1;
      });
      if (words.length) for (let place = 0; place < out.length; place++) {
        if (out[place] === 255) continue;
        const number = this.partOf[place], text = this.texts[number].searched[place - this.parts[number].first];
        if (!wanted.every(word => text.includes(word)) || unwanted.some(word => text.includes(word))) out[place] = 255;
      }
      this.facets.forEach(({ codes }, number) => {
        const tally = counts[number], own = number + 1;
        for (let place = 0; place < out.length; place++) if (!out[place] || out[place] === own) tally[codes[place]]++;
      });
      let total = 0;
      for (let place = 0; place < out.length; place++) if (!out[place]) total++;
      const found = new Uint32Array(total), order = state.sort ? this.order(state.sort, state.dir) : null;
      for (let place = 0, next = 0; next < total; place++) {
        const at = order ? order[place] : place;
        if (!out[at]) found[next++] = at;
      }
      return { found, counts: this.facets.map((facet, number) => {
        const byValue = new Uint32Array(facet.values.length);
        counts[number].forEach((clips, code) => facet.members[code].forEach(value => { byValue[value] += clips; }));
        return byValue;
      }) };
    }

    address(place) {
      const part = this.parts[this.partOf[place]];
      const folder = part.folder[place - part.first] || this.ids[place];
      return avu.place.address(`${part.collection.path}/clips/${encodeURIComponent(folder)}/index.html`);
    }

    // The clip whose page an address is; -1 when there is none.
    placeOf(address) {
      const path = avu.place.path(address);
      for (const part of this.parts) {
        const folder = `${part.collection.path}/clips/`;
        if (!path.startsWith(folder)) continue;
        const name = decodeURIComponent(path.slice(folder.length).split('/')[0]);
        for (let at = 0; at < part.clips; at++) {
          if ((part.folder[at] || this.ids[part.first + at]) === name) return part.first + at;
        }
      }
      return -1;
    }

    // What a row shows; its text is missing until it has been read.
    row(place) {
      const number = this.partOf[place], texts = this.texts[number], at = place - this.parts[number].first;
      const said = texts ? texts.said[at].map(index => texts.sentences[index]) : [];
      const value = name => this[name][place] < 0 ? null : this[name][place];
      return {
        id: this.ids[place], address: this.address(place), collection: this.parts[number].collection.name,
        signature: this.parts[number].collection.signature || '',
        state: this.state.values[this.state.codes[place]],
        category: this.category.codes[place] ? this.category.values[this.category.codes[place]] : '–',
        iou: value('iou'), fScore: value('fScore'), duration: value('duration'), sounding: value('sounding'),
        sentence: (said[0] || '') + (said.length > 1 ? ` (+${said.length - 1})` : '') + (texts ? texts.reason[at] || '' : ''),
        picture: texts && texts.picture[at] || null,
      };
    }
  }

  // The clips of a collection's folder, or of the whole site.
  async function open(scope) {
    const all = (await read('index/clips.js')).collections.filter(collection => !scope || collection.path === scope);
    const parts = all.flatMap(collection => collection.parts.map(part => ({ ...part, collection })));
    return new ClipList(scope, parts, await Promise.all(parts.map(part => read(part.columns))));
  }

  // The percentiles of a collection's figures.
  const ranks = async scope => (await read('index/clips.js')).collections.find(collection => collection.path === scope).ranks;

  // How a collection's figures were made.
  const signature = async scope => ((await read('index/clips.js')).collections.find(collection => collection.path === scope) || {}).signature || '';

  const page = scope => avu.place.address(scope ? `${scope}/index.html` : 'clips.html');
  return { open, ranks, signature, parse, format, page, none, rowsOnAPage: 100 };
})();
