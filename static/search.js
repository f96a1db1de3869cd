// Finds roles by a few letters: what matches, how well, and where, decided as in src/domain/search, letter for letter; a
// test compares the two. Knows nothing of the page: it is given texts, and gives back places in them.
"use strict";
const finding = (() => {
  const MOST_WORDS = 8, LONGEST_WORD = 48, LONGEST_TEXT = 256, MOST_FOUND = 50;
  const FOR_USE = 12, FOR_FAVOURITE = 40;
  const EXACT = 1000, PREFIX = 800, WORD_START = 650, INSIDE = 450, SCATTERED = 350, WEAK_START = 300, WEAK_INSIDE = 200;
  const SHORTEST_INSIDE = 3, LENGTH = 15, STEP = 15, TO_A_WORD = 1, WITHIN_A_WORD = 3, COST_PER_LETTER = 4, HIGHEST_COST = 16;
  const LOOSE = 0, WHOLE = 1, WEAK = 2;
  const FIELDS = {
    role: [50, LOOSE], account: [45, LOOSE], alias: [25, LOOSE], label: [20, LOOSE],
    id: [10, WHOLE], environment: [10, WHOLE], partition: [0, WHOLE], description: [0, WEAK],
  };
  const NEVER = 4294967295;

  // Texts, folded: letters without case and accents, where words begin, and where each letter stood.

  const isMark = (c) => c >= "\u0300" && c <= "\u036f";
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const folded = (c) => (c < "\u0080" ? c.toLowerCase() : plain(plain(c).toUpperCase().toLowerCase()));
  const isLetter = (c) => /[\p{Alphabetic}\p{N}]/u.test(c);
  const isNumber = (c) => (c < "\u0080" ? c >= "0" && c <= "9" : /\p{N}/u.test(c));
  const isUpper = (c) => (c < "\u0080" ? c >= "A" && c <= "Z" : /\p{Uppercase}/u.test(c));
  const isLower = (c) => c !== undefined && (c < "\u0080" ? c >= "a" && c <= "z" : /\p{Lowercase}/u.test(c));

  const begins = (before, c, next) => {
    if (!isLetter(c)) return false;
    if (before === undefined || !isLetter(before)) return true;
    if (isNumber(c) || isNumber(before)) return isNumber(c) !== isNumber(before);
    return isUpper(c) && (!isUpper(before) || isLower(next));
  };
  const maskOf = (letters) => {
    let mask = 0;
    for (const c of letters) {
      const code = c.charCodeAt(0);
      if (c >= "a" && c <= "z") mask |= 1 << (code - 97);
      else if (c >= "0" && c <= "9") mask |= 1 << (26 + (code % 5));
      else mask |= 1 << 31;
    }
    return mask;
  };
  const fold = (text) => {
    const letters = [], starts = [], source = [];
    const chars = Array.from(text);
    let at = 0, before;
    for (let i = 0; i < chars.length && letters.length < LONGEST_TEXT; at += chars[i].length, i += 1) {
      const c = chars[i];
      if (isMark(c)) continue;
      const start = begins(before, c, chars[i + 1]);
      let first = true;
      for (const letter of folded(c)) {
        letters.push(letter);
        starts.push(start && first);
        source.push(at);
        first = false;
      }
      before = c;
    }
    source.push(at);
    return { letters, starts, source, mask: maskOf(letters), joined: letters.join("") };
  };
  const wordsOf = (text) => text.split(/[\p{White_Space}/]+/u)
    .map((word) => fold(word).letters.slice(0, LONGEST_WORD))
    .map((word) => Object.assign(word, { joined: word.join("") }))
    .filter((word) => word.length > 0)
    .slice(0, MOST_WORDS);

  // One word in one text.

  const inOnePiece = (word, text) => {
    const { letters, starts } = text;
    if (!text.joined.includes(word.joined)) return -1;
    let inside = -1;
    for (let at = 0; at + word.length <= letters.length; at += 1) {
      let same = 0;
      while (same < word.length && letters[at + same] === word[same]) same += 1;
      if (same < word.length) continue;
      if (at === 0 || starts[at]) return at;
      if (inside < 0) inside = at;
    }
    return word.length >= SHORTEST_INSIDE ? inside : -1;
  };
  // The cheapest way to find the letters one after the other, the first where a word begins.
  const scattered = (word, text) => {
    const { letters, starts } = text, count = letters.length;
    if (word.length < 2 || word.length > count) return null;
    let before = letters.map((c, at) => (c === word[0] && starts[at] ? 0 : NEVER));
    const rows = [];
    for (let row = 1; row < word.length; row += 1) {
      const now = new Array(count).fill(NEVER), from = new Array(count).fill(0);
      let toWord = NEVER, toWordAt = 0, within = NEVER, withinAt = 0;
      for (let at = 1; at < count; at += 1) {
        if (at >= 2) {
          const cost = before[at - 2];
          if (cost < toWord) { toWord = cost; toWordAt = at - 2; }
          if (Math.min(cost + 1, NEVER) < Math.min(within + at - 1 - withinAt, NEVER)) { within = cost; withinAt = at - 2; }
        }
        if (letters[at] !== word[row]) continue;
        const consider = (cost, place) => {
          if (cost < now[at]) { now[at] = cost; from[at] = place; }
        };
        consider(before[at - 1], at - 1);
        if (starts[at]) consider(toWord + TO_A_WORD, toWordAt);
        consider(within + WITHIN_A_WORD + at - 1 - withinAt, withinAt);
      }
      rows.push(from);
      before = now;
    }
    let end = 0;
    for (let at = 1; at < count; at += 1) if (before[at] < before[end]) end = at;
    const allowed = Math.min((word.length - 1) * COST_PER_LETTER, HIGHEST_COST);
    return before[end] <= allowed ? { cost: before[end], end, rows } : null;
  };
  const worthOf = (word, text, manner) => {
    const at = inOnePiece(word, text);
    if (at < 0) {
      const way = manner === LOOSE ? scattered(word, text) : null;
      return way ? SCATTERED - STEP * way.cost : 0;
    }
    const longer = text.letters.length - word.length;
    if (longer === 0 && manner !== WEAK) return EXACT;
    let kind = at === 0 ? PREFIX : text.starts[at] ? WORD_START : INSIDE;
    if (manner === WEAK) kind = text.starts[at] ? WEAK_START : WEAK_INSIDE;
    return kind - Math.min(Math.floor(longer / 2), LENGTH);
  };
  const lettersOf = (word, text, manner) => {
    const at = inOnePiece(word, text);
    if (at >= 0) return word.map((_, i) => at + i);
    const way = manner === LOOSE ? scattered(word, text) : null;
    if (!way) return [];
    const all = [way.end];
    for (let row = way.rows.length - 1; row >= 0; row -= 1) all.unshift(way.rows[row][all[0]]);
    return all;
  };

  // All words in all roles.

  const search = (index, text) => {
    const words = wordsOf(text);
    if (words.length === 0) return null;
    const masks = words.map(maskOf);
    const known = new Map();
    const worths = (textual, manner) => {
      let found = known.get(textual);
      if (!found) {
        found = words.map((word, i) => ((textual.mask & masks[i]) === masks[i] ? worthOf(word, textual, manner) : 0));
        known.set(textual, found);
      }
      return found;
    };
    const look = (field, textual, bests) => {
      const [bonus, manner] = FIELDS[field];
      const found = worths(textual, manner);
      for (let i = 0; i < words.length; i += 1) {
        if (found[i] > 0 && (!bests[i] || found[i] + bonus > bests[i].worth)) {
          bests[i] = { worth: found[i] + bonus, textual, manner };
        }
      }
    };
    const hits = [];
    let accounts = 0;
    for (const account of index) {
      const ofAccount = new Array(words.length);
      for (const [field, textual] of account.texts) look(field, textual, ofAccount);
      const had = hits.length;
      for (const role of account.roles) {
        const bests = new Array(words.length);
        look("role", role.name, bests);
        for (let i = 0; i < words.length; i += 1) {
          if (ofAccount[i] && (!bests[i] || ofAccount[i].worth > bests[i].worth)) bests[i] = ofAccount[i];
        }
        // no match there is better than one elsewhere
        let isPoor = false;
        for (let i = 0; i < words.length; i += 1) isPoor ||= !bests[i] || bests[i].worth < WEAK_START;
        if (isPoor) look("description", role.description, bests);
        let sum = 0;
        for (let i = 0; i < words.length && sum >= 0; i += 1) sum = bests[i] ? sum + bests[i].worth : -1;
        if (sum < 0) continue;
        const score = Math.floor(sum / words.length) + role.used * FOR_USE + (role.isFavourite ? FOR_FAVOURITE : 0);
        hits.push({ account, role, bests, score, order: hits.length });
      }
      if (hits.length > had) accounts += 1;
    }
    hits.sort((a, b) => b.score - a.score || a.order - b.order);
    return { words, roles: hits.length, accounts, hits: hits.slice(0, MOST_FOUND) };
  };
  const marksOf = (hit, words) => {
    const marks = new Map();
    hit.bests.forEach(({ textual, manner }, i) => {
      const here = marks.get(textual) ?? [];
      for (const at of lettersOf(words[i], textual, manner)) {
        const start = textual.source[at];
        here.push([start, textual.source.find((end, i) => i > at && end > start) ?? start]);
      }
      marks.set(textual, here.sort((a, b) => a[0] - b[0]));
    });
    return marks;
  };

  return { LOOSE, fold, mannerOf: (field) => FIELDS[field][1], marksOf, search };
})();
