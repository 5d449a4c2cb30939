'use strict';

// Texts of mails, names and figures are shown by textContent alone, never as markup.

const $ = id => document.getElementById(id);

/** An element with properties, attributes (names with a dash or in `attributes`) and children. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value; else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

function show(element, isShown) { element.hidden = !isShown; }

function showError(id, text) {
  $(id).textContent = text || '';
  show($(id), Boolean(text));
}

// MARK: Requests

const memory = {
  get token() { return sessionStorage.getItem('siftd-token') || ''; },
  set token(value) { sessionStorage.setItem('siftd-token', value); },
  get who() { return sessionStorage.getItem('siftd-who') || ''; },
  set who(value) { sessionStorage.setItem('siftd-who', value); },
};

function headers(type) {
  const fields = {};
  if (memory.token) fields.Authorization = 'Bearer ' + memory.token;
  if (type) fields['Content-Type'] = type;
  return fields;
}

/** The answer of the API; an error's message is meant for people. */
async function ask(method, path, body, type) {
  let response;
  try {
    response = await fetch(path, { method, body, headers: headers(type), cache: 'no-store' });
  } catch {
    throw new Error('siftd does not answer. Is it running?');
  }
  return answerOf(response.status, response.headers.get('Content-Type') || '',
    await response.text());
}

function answerOf(status, type, text) {
  const isJSON = type.includes('json');
  const value = isJSON ? JSON.parse(text) : text;
  if (status < 400) return value;
  const reason = (isJSON && value.detail) || 'the answer was ' + status;
  const error = new Error(reason.charAt(0).toUpperCase() + reason.slice(1) + '.');
  error.status = status;
  error.row = value.row;
  error.column = value.column;
  if (status === 401) openAccess(error.message);
  throw error;
}

// MARK: Words

const verdictWords = {
  spam: 'This is spam', ham: 'This is not spam', unsure: 'siftd is not sure',
  skipped: 'This would pass unjudged',
};
const shortVerdicts = { spam: 'spam', ham: 'not spam', unsure: 'unsure', skipped: 'not judged' };

const percent = value => {
  const share = 100 * value;
  if (share > 0 && share < 0.1) return 'below 0.1 %';
  if (share < 100 && share > 99.9) return 'above 99.9 %';
  return (share < 10 || share > 90 ? share.toFixed(1) : share.toFixed(0)) + ' %';
};
const moment = seconds => new Date(1000 * seconds).toLocaleString([], {
  dateStyle: 'medium', timeStyle: 'short' });
const size = bytes => bytes < 1024 ? bytes + ' B' : bytes < 1048576
  ? (bytes / 1024).toFixed(1) + ' KiB' : (bytes / 1048576).toFixed(1) + ' MiB';
const plural = (count, one, many) => count + ' ' + (count === 1 ? one : many);
const signed = value => (value < 0 ? '−' : '+') + Math.abs(value).toFixed(2);
const words = name => name.replaceAll('-', ' ').replaceAll('_', ' ');

function verdictChip(verdict) {
  return make('span', { className: verdict in shortVerdicts ? verdict : '' },
    shortVerdicts[verdict] || verdict);
}

function cell(name, ...children) { return make('td', { 'data-name': name }, ...children); }
function numberCell(name, ...children) {
  const element = cell(name, ...children);
  element.className = 'number';
  return element;
}

function fillTable(id, rows, empty) {
  const body = $(id).tBodies[0];
  if (rows.length) body.replaceChildren(...rows);
  else {
    const columns = $(id).tHead.rows[0].cells.length;
    body.replaceChildren(make('tr', {}, make('td', { colSpan: columns, className: 'hint' }, empty)));
  }
}

function fillFacts(id, facts) {
  $(id).replaceChildren(...facts.filter(fact => fact[1] !== undefined && fact[1] !== null)
    .flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, String(value))]));
}

function fillBars(id, bars) {
  $(id).replaceChildren(...bars.flatMap(([name, share, text, kind]) => {
    const bar = make('div');
    bar.style.width = Math.min(100, 100 * share) + '%';
    const scale = make('dd', { className: kind || '', 'aria-hidden': 'true' },
      make('div', { className: 'scale' }, bar));
    return [make('dt', {}, name), scale, make('dd', { className: 'number' }, text)];
  }));
}

// MARK: Views

const views = ['try', 'recent', 'learn', 'health'];
let current = '';

function open(view, focuses = false) {
  current = views.includes(view) ? view : 'try';
  for (const name of views) {
    const tab = $('tab-' + name);
    tab.setAttribute('aria-selected', String(name === current));
    tab.tabIndex = name === current ? 0 : -1;
    show($('view-' + name), name === current);
    if (name === current && focuses) tab.focus();
  }
  history.replaceState(null, '', '#' + current);
  refresh();
}

for (const [index, name] of views.entries()) {
  const tab = $('tab-' + name);
  tab.addEventListener('click', () => open(name));
  tab.addEventListener('keydown', event => {
    const steps = { ArrowRight: 1, ArrowLeft: views.length - 1 };
    if (event.key in steps) open(views[(index + steps[event.key]) % views.length], true);
    else if (event.key === 'Home') open(views[0], true);
    else if (event.key === 'End') open(views.at(-1), true);
    else return;
    event.preventDefault();
  });
}

async function refresh() {
  await readStatus();
  if (current === 'recent') await readHistory(false);
  if (current === 'learn') await readLearning();
  if (current === 'health') await readHealth();
}

// MARK: State and access

let status = null;

async function readStatus() {
  const dot = document.querySelector('.dot');
  try {
    status = await ask('GET', '/v1/status');
    dot.className = 'dot ' + (status.ready ? 'good' : 'bad');
    $('state-text').textContent = (status.ready ? 'Ready' : 'Not ready: ' + status.reason)
      + (status.model ? ' · model ' + status.model.id : ' · no model');
  } catch (error) {
    status = null;
    dot.className = 'dot bad';
    $('state-text').textContent = error.message;
  }
}

function openAccess(reason) {
  const dialog = $('token-dialog');
  if (dialog.open) return;
  showError('token-why', reason);
  $('token').value = memory.token;
  $('who').value = memory.who;
  dialog.showModal();
}

$('token-open').addEventListener('click', () => openAccess(''));
$('token-dialog').addEventListener('close', () => {
  if ($('token-dialog').returnValue !== 'ok') return;
  memory.token = $('token').value.trim();
  memory.who = $('who').value.trim();
  refresh();
});

/** Who gives a label; asks for it when nobody is known. */
function source() {
  if (memory.who) return 'user:' + memory.who;
  if (status && status.may.administer) return 'admin';
  openAccess('Enter your mail address first, so that your mark can be stored under it.');
  return null;
}

function explainLesson(lesson, label) {
  if (label === 'forget') return 'Your mark is taken back.';
  const parts = ['Thank you. Your mark was ' + lesson.why + '.'];
  if (lesson.before && lesson.after) {
    parts.push('siftd gave this message ' + percent(lesson.before.probability)
      + ' for spam before and gives ' + percent(lesson.after.probability) + ' now.');
  }
  if (lesson.labels_until_retraining > 0) {
    parts.push(plural(lesson.labels_until_retraining, 'label', 'labels')
      + ' more until the model is retrained.');
  }
  return parts.join(' ');
}

// MARK: Try

let fileBytes = null;
let tried = null;

/** What the box holds: the bytes of a file, a message with its header, or plain text. */
function input() {
  const text = $('message').value;
  if (fileBytes) return { body: fileBytes, type: 'message/rfc822' };
  if (/^[A-Za-z-]+:.*\r?\n([A-Za-z-]+:|[ \t]|\r?\n)/.test(text)) {
    return { body: text, type: 'message/rfc822' };
  }
  return { body: JSON.stringify({ text }), type: 'application/json', text };
}

async function takeFile(file) {
  if (!file) return;
  fileBytes = await file.arrayBuffer();
  $('message').value = new TextDecoder().decode(fileBytes);
  $('file-name').textContent = file.name;
  judge();
}

$('file').addEventListener('change', event => takeFile(event.target.files[0]));
$('message').addEventListener('input', () => {
  fileBytes = null;
  $('file-name').textContent = '';
});
for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  $('view-try').addEventListener(kind, event => {
    event.preventDefault();
    $('message').classList.toggle('drop', kind === 'dragenter' || kind === 'dragover');
    if (kind === 'drop') takeFile(event.dataTransfer.files[0]);
  });
}
$('try-form').addEventListener('submit', event => {
  event.preventDefault();
  judge();
});

async function judge() {
  showError('try-error', '');
  const given = input();
  if (!$('message').value.trim()) {
    show($('result'), false);
    showError('try-error', 'The box is empty: paste a message first.');
    return;
  }
  try {
    showAnswer(await ask('POST', '/v1/classify?explain=1', given.body, given.type));
    tried = given;
    $('lesson').textContent = '';
    for (const button of $('teach-row').querySelectorAll('button')) {
      button.setAttribute('aria-pressed', 'false');
    }
    show($('forget'), false);
    $('verdict').focus();
  } catch (error) {
    show($('result'), false);
    showError('try-error', error.message);
  }
}

function showAnswer(answer) {
  show($('result'), true);
  $('verdict-card').className = 'card verdict ' + answer.verdict;
  $('verdict').textContent = verdictWords[answer.verdict] || 'Labels: ' + (answer.verdict || 'none');
  $('needle').style.width = 100 * answer.spam_probability + '%';
  const more = ['Probability of spam ' + percent(answer.spam_probability),
    plural(answer.tokens, 'token', 'tokens') + ' read'];
  if (answer.action !== 'accept') more.push('by mail: ' + words(answer.action));
  if (answer.reason) more.push(words(answer.reason));
  if (answer.site) more.push('labels of this site: ' + signed(answer.site));
  $('verdict-more').textContent = more.join(' · ');
  const labels = Object.entries(answer.labels).sort((a, b) => b[1] - a[1]);
  const isBinary = labels.every(([name]) => name === 'spam' || name === 'ham');
  show($('label-list'), !isBinary);
  fillBars('label-list', labels.map(([name, share]) => [name, share, percent(share)]));
  show($('teach-row'), Boolean(status && status.may.teach));
  showContent(answer);
}

function showContent({ content, explanation: why, defects }) {
  const reasons = [...why.reasons, ...(why.site ? why.site.reasons : [])]
    .sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  const largest = Math.max(...reasons.map(reason => Math.abs(reason.share)), 0.1);
  show($('subject'), Boolean(content.subject));
  $('subject').replaceChildren(...marked(content.subject || '', reasons, largest));
  $('marked').replaceChildren(...marked(content.text || '(no text)', reasons, largest));
  show($('hidden-block'), Boolean(content.hidden));
  $('hidden-title').textContent = 'Hidden from the recipient: '
    + plural(content.hidden_words, 'word', 'words');
  $('hidden-text').replaceChildren(...marked(content.hidden, reasons, largest));
  const rows = reasons.slice(0, 15).map(reason => [reason.text, reason.share]);
  const piece = why.segment ? ' (words ' + why.segment.first + ' to ' + why.segment.last + ' of '
    + why.segment.tokens + ' are the strongest)' : '';
  rows.push(['everything else', why.others], ['starting point' + piece, why.base]);
  fillTable('reasons', rows.map(([text, share]) => make('tr', {}, make('td', {}, text),
    make('td', { className: 'number ' + (share < 0 ? 'ham' : 'spam') }, signed(share)))), 'Nothing.');
  const facts = defects.map(words);
  if (content.misleading_links) {
    facts.push(plural(content.misleading_links, 'link that leads', 'links that lead')
      + ' elsewhere than shown');
  }
  $('defects').textContent = facts.length ? 'Peculiar: ' + facts.join(', ') + '.'
    : 'Nothing peculiar about the form of the message.';
  fillTable('parts', content.parts.map(part => {
    const name = make('td', {}, part.type + (part.name ? ' — ' + part.name : ''));
    name.style.paddingLeft = part.depth + 'rem';
    return make('tr', {}, name, make('td', {}, words(part.role) + ' (' + words(part.reason) + ')'),
      make('td', { className: 'number' }, size(part.bytes)));
  }), 'Plain text without parts.');
}

/** Text with the stretches marked that reasons name; strongest first, never overlapping. */
function marked(text, reasons, largest) {
  const spans = [];
  const candidates = reasons.filter(reason => !reason.text.startsWith('[') && reason.text.length > 1);
  for (const reason of candidates) {
    const pattern = reason.text.split(/\s+/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('\\s+');
    let count = 0;
    for (const match of text.matchAll(new RegExp(pattern, 'giu'))) {
      const [start, end] = [match.index, match.index + match[0].length];
      const isWord = !/[\p{L}\p{N}]/u.test(text.slice(Math.max(0, start - 1), start))
        && !/[\p{L}\p{N}]/u.test(text.slice(end, end + 1));
      if (!isWord || spans.some(span => start < span.end && end > span.start)) continue;
      spans.push({ start, end, share: reason.share });
      if (++count === 200) break;
    }
  }
  spans.sort((a, b) => a.start - b.start);
  const nodes = [];
  let position = 0;
  for (const span of spans) {
    nodes.push(text.slice(position, span.start));
    const strength = Math.abs(span.share) / largest;
    const level = strength > 0.6 ? 'w3' : strength > 0.2 ? 'w2' : 'w1';
    nodes.push(make('mark', {
      className: (span.share < 0 ? 'ham ' : 'spam ') + level, title: 'Weight ' + signed(span.share),
    }, text.slice(span.start, span.end)));
    position = span.end;
  }
  nodes.push(text.slice(position));
  return nodes;
}

$('teach-row').addEventListener('click', async event => {
  const button = event.target.closest('button');
  if (!button || !tried) return;
  const who = source();
  if (!who) return;
  const label = button.dataset.label;
  try {
    const lesson = tried.text === undefined
      ? await ask('POST', '/v1/feedback?label=' + label + '&source=' + encodeURIComponent(who),
        tried.body, tried.type)
      : await ask('POST', '/v1/feedback', JSON.stringify({ label, source: who, text: tried.text }),
        'application/json');
    showAnswer(await ask('POST', '/v1/classify?explain=1', tried.body, tried.type));
    $('lesson').textContent = explainLesson(lesson, label);
    for (const other of $('teach-row').querySelectorAll('button')) {
      other.setAttribute('aria-pressed', String(other === button && label !== 'forget'));
    }
    show($('forget'), label !== 'forget');
  } catch (error) { $('lesson').textContent = error.message; }
});

// MARK: Recent

let nextPage = null;

async function readHistory(isMore) {
  const query = new URLSearchParams({ limit: '50' });
  if ($('filter-verdict').value) query.set('verdict', $('filter-verdict').value);
  if ($('filter-domain').value.trim()) query.set('sender_domain', $('filter-domain').value.trim());
  if (isMore && nextPage) query.set('before', nextPage);
  try {
    const page = await ask('GET', '/v1/history?' + query);
    const rows = page.entries.map(historyRow);
    if (isMore) $('recent').tBodies[0].append(...rows);
    else fillTable('recent', rows, 'No message yet that this filter lets through.');
    nextPage = page.next;
    show($('recent-more'), Boolean(nextPage));
    showError('recent-error', '');
    $('recent-status').textContent = 'The content of messages is not kept.';
  } catch (error) {
    fillTable('recent', [], '');
    show($('recent-more'), false);
    $('recent-status').textContent = '';
    showError('recent-error', error.message);
  }
}

function historyRow(entry) {
  const result = make('div', { className: 'hint', role: 'status' });
  const buttons = ['spam', 'ham'].map(label => make('button', {
    type: 'button', 'aria-pressed': String(entry.label === label),
    'aria-label': (label === 'spam' ? 'Spam' : 'Not spam') + ', message of '
      + (entry.sender_domain || 'unknown') + ' at ' + moment(entry.time),
  }, label === 'spam' ? 'Spam' : 'Not spam'));
  buttons.forEach((button, index) => button.addEventListener('click', async () => {
    const who = source();
    if (!who) return;
    const label = index === 0 ? 'spam' : 'ham';
    try {
      const lesson = await ask('POST', '/v1/feedback',
        JSON.stringify({ history: entry.id, label, source: who }), 'application/json');
      buttons.forEach(other => other.setAttribute('aria-pressed', String(other === button)));
      result.textContent = lesson.why;
    } catch (error) { result.textContent = error.message; }
  }));
  const mayTeach = status && status.may.teach;
  buttons.forEach(button => { button.disabled = !mayTeach; });
  return make('tr', {}, cell('When', moment(entry.time)),
    cell('Sender', entry.sender_domain || '—'), cell('Verdict', verdictChip(entry.verdict)),
    numberCell('Probability', percent(entry.spam_probability)),
    cell('Your correction', make('div', {}, make('div', { className: 'row' }, ...buttons), result)));
}

$('recent-form').addEventListener('submit', event => {
  event.preventDefault();
  readHistory(false);
});
$('recent-more').addEventListener('click', () => readHistory(true));

// MARK: Learn

let isWatching = false;

async function readLearning() {
  try {
    const [learning, jobs, models] = await Promise.all([
      ask('GET', '/v1/feedback'), ask('GET', '/v1/jobs'), ask('GET', '/v1/models')]);
    showError('learn-error', '');
    showLearning(learning);
    showJobs(jobs);
    showModels(models);
  } catch (error) { showError('learn-error', error.message); }
}

function showLearning(learning) {
  const until = learning.labels_until_retraining;
  const total = learning.new_labels + (until || 0);
  const count = sum(learning.classes);
  $('learn-lead').textContent = count === 0
    ? 'Nobody has marked a message yet. Mark messages in Try or Recent, by siftd learn, or let Dovecot do it.'
    : plural(count, 'label counts', 'labels count') + ' in every verdict. '
      + (until === undefined ? 'The model is not retrained by itself.'
        : until === 0 ? 'There are enough new ones for a retraining.'
          : plural(until, 'new label', 'new labels') + ' more until the model is retrained.');
  show($('learn-scale'), total > 0);
  $('learn-needle').style.width = (total ? 100 * learning.new_labels / total : 0) + '%';
  fillFacts('learn-facts', [
    ['Spam', learning.classes.spam || 0], ['Not spam', learning.classes.ham || 0],
    ['Waiting for a second person', learning.states.held || 0],
    ['Used by a retraining', learning.archived],
    ['From', learning.oldest && moment(learning.oldest)],
    ['Until', learning.newest && moment(learning.newest)],
    ['Last retraining', learning.last_retraining]]);
  fillTable('sources', learning.sources.map(one => make('tr', {}, cell('Source', one.source),
    numberCell('Spam', String(one.active.spam || 0)),
    numberCell('Not spam', String(one.active.ham || 0)),
    numberCell('Waiting', String(one.held)))), 'Nobody yet.');
}

const jobWords = {
  running: 'running', promoted: 'in force', refused: 'refused by the guard', failed: 'failed',
  abandoned: 'its process died',
};

function figures(value) {
  if (!value || typeof value !== 'object') return '—';
  return Object.entries(value).filter(([, one]) => typeof one !== 'object')
    .map(([name, one]) => words(name) + ' ' + (typeof one === 'number' && one % 1
      ? one.toFixed(4) : one)).join(', ') || '—';
}

function showJobs(jobs) {
  fillTable('jobs', jobs.map(job => make('tr', {},
    cell('When', moment(job.ended || job.started)), cell('Why', job.reason),
    cell('Result', (jobWords[job.state] || job.state) + (job.candidate ? ': ' + job.candidate : '')),
    cell("Guard's figures", figures(job.figures || job.progress)))), 'There was none yet.');
  if (jobs.some(job => job.state === 'running')) watchJobs();
}

async function watchJobs() {
  if (isWatching) return;
  isWatching = true;
  while (current === 'learn') {
    await new Promise(resolve => setTimeout(resolve, 2000));
    let jobs = [];
    try { jobs = await ask('GET', '/v1/jobs'); } catch { break; }
    showJobs(jobs);
    const latest = jobs[0];
    if (!latest || latest.state !== 'running') {
      if (latest) {
        $('csv-result').textContent = 'Retraining ' + latest.id + ': ' + jobWords[latest.state] + '.';
      }
      break;
    }
    $('csv-result').textContent = 'Retraining ' + latest.id + ' runs: ' + figures(latest.progress);
  }
  isWatching = false;
}

function showModels(models) {
  const may = status && status.may;
  $('models-note').textContent = may && may.activate ? ''
    : may && may.administer
      ? 'There is no registry of versions: name its link "active" as model.directory to have one.'
      : 'To change the model, enter the write token by Access.';
  fillTable('models', models.map(model => {
    const state = make('div', {});
    if (model.active) state.append('in force');
    else if (may && may.activate) {
      const button = make('button', { type: 'button', 'aria-label': 'Activate ' + model.id },
        'Activate');
      button.addEventListener('click', () => change('/v1/models/'
        + encodeURIComponent(model.id) + '/activate'));
      state.append(button);
    }
    if (model.rollback_target) state.append(' was in force before');
    return make('tr', {}, cell('Version', model.id),
      cell('From', (model.origin || '—') + (model.labels ? ', ' + plural(model.labels, 'label',
        'labels') : '')), cell('Added', model.added ? moment(model.added) : '—'),
    cell('State', state));
  }), 'There is no model.');
  show($('rollback'), Boolean(may && may.activate && models.some(model => model.rollback_target)));
  show($('retrain'), Boolean(may && may.retrain));
  $('csv').disabled = !(may && may.retrain);
  if (!$('csv-result').textContent && may && !may.retrain) {
    $('csv-result').textContent = may.administer ? 'This daemon does not retrain by itself.'
      : 'To retrain, enter the write token by Access.';
  }
}

async function change(path) {
  try {
    const answer = await ask('POST', path);
    $('models-result').textContent = 'Version ' + answer.active + ' is in force.';
  } catch (error) { $('models-result').textContent = error.message; }
  await readStatus();
  readLearning();
}
$('rollback').addEventListener('click', () => change('/v1/models/rollback'));

$('csv-form').addEventListener('submit', event => {
  event.preventDefault();
  showError('csv-error', '');
  $('csv-result').textContent = '';
  const file = $('csv').files[0];
  // fetch reports no progress of an upload.
  const request = new XMLHttpRequest();
  request.open('POST', '/v1/retrain');
  for (const [name, value] of Object.entries(headers('text/csv'))) {
    request.setRequestHeader(name, value);
  }
  show($('upload'), Boolean(file));
  $('retrain').disabled = true;
  request.upload.onprogress = progress => {
    $('upload-bar').value = progress.total ? progress.loaded / progress.total : 0;
    $('upload-text').textContent = size(progress.loaded) + ' of ' + size(progress.total);
  };
  request.onloadend = () => {
    show($('upload'), false);
    $('retrain').disabled = false;
    if (!request.status) {
      showError('csv-error', 'The connection ended before siftd answered.');
      return;
    }
    try {
      const job = answerOf(request.status, request.getResponseHeader('Content-Type') || '',
        request.responseText);
      $('csv-result').textContent = 'Retraining ' + job.id + ' has started.';
      $('csv-form').reset();
      readLearning();
    } catch (error) {
      showError('csv-error', (error.row !== undefined ? 'The table was not taken. ' : '') + error.message);
    }
  };
  request.send(file || null);
});

// MARK: Health

const samples = [];
const longest = 120;

/** The sums of a metric's lines, by the value of one label or as a whole. */
function metric(lines, name, label) {
  const sums = {};
  for (const line of lines) {
    if (!line.startsWith(name + '{') && !line.startsWith(name + ' ')) continue;
    const found = label ? line.match(label + '="([^"]*)"') : null;
    const key = found ? found[1] : '';
    sums[key] = (sums[key] || 0) + Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sums;
}

/** The value below which a share of a histogram's values lies, by its buckets' upper bounds. */
function quantile(buckets, share) {
  const bounds = Object.entries(buckets).map(([bound, count]) => [Number(bound.replace('+Inf',
    'Infinity')), count]).sort((a, b) => a[0] - b[0]);
  const total = bounds.length ? bounds.at(-1)[1] : 0;
  if (!total) return null;
  const found = bounds.find(([, count]) => count >= share * total);
  return found ? found[0] : null;
}

function difference(now, before) {
  return Object.fromEntries(Object.entries(now).map(([key, value]) =>
    [key, value - (before[key] || 0)]));
}

async function readHealth() {
  try {
    const lines = (await ask('GET', '/metrics')).split('\n');
    const total = lines.filter(line => line.includes('stage="total"'));
    const sample = {
      time: Date.now(), verdicts: metric(lines, 'siftd_messages_total', 'verdict'),
      latency: metric(total, 'siftd_stage_duration_seconds_bucket', 'le'),
      queue: metric(lines, 'siftd_queue_depth')[''] || 0,
      memory: metric(lines, 'process_resident_memory_bytes')[''] || 0,
    };
    samples.push(sample);
    if (samples.length > longest) samples.shift();
    showError('health-error', '');
    showTiles(sample);
    showPlots();
  } catch (error) { showError('health-error', error.message); }
  readFleet();
  await readStatus();
  if (!status) return;
  const model = status.model;
  fillFacts('model-facts', model ? [
    ['Version', model.id], ['Trained', model.trained], ['Labels', model.labels.join(', ')],
    ['Spam from, by the model', model.tag_threshold && percent(model.tag_threshold)],
    ['To be refused from', model.reject_threshold && percent(model.reject_threshold)],
    ['Computed by', model.serving], ['siftd', status.version],
    ['Running for', duration(status.uptime_seconds)]] : [['Version', 'there is no model']]);
  showError('learning-error', status.learning_error || '');
}

const hostWords = {
  ok: 'in step', behind: 'not yet in step', refused: 'refuses the model', away: 'not heard of',
};

async function readFleet() {
  try { showFleet(await ask('GET', '/v1/fleet')); } catch {
    // A host that shares its model with no other has none.
    show($('fleet'), false);
  }
}

function showFleet(fleet) {
  show($('fleet'), true);
  const { active, proposal } = fleet;
  $('fleet-lead').textContent = (fleet.database_up ? ''
    : 'The database does not answer; this is what was known before. ')
    + (active ? 'Change ' + active.revision + ' to ' + active.model + ', '
      + moment(Math.floor(active.decided || active.proposed)) + ', by ' + active.host + '. '
      : 'No model is shared yet. ')
    + (proposal ? 'Proposed by ' + proposal.host + ': ' + proposal.model + '; '
      + fleet.answers.filter(one => one.ready).length + ' ready, '
      + fleet.answers.filter(one => !one.ready).length + ' refuse.' : '');
  fillTable('hosts', fleet.hosts.map(host => make('tr', {}, cell('Host', host.host),
    cell('State', hostWords[host.state] + (host.refusal ? ': ' + host.refusal : '')),
    cell('Model', host.model || '—'), numberCell('Change', String(host.activation)),
    numberCell('Labels up to', String(host.label_revision)),
    numberCell('Labels waiting', String(host.spool_entries)),
    numberCell('Messages waiting', String(host.queue_depth)),
    cell('Last seen', duration(Math.floor(host.silent_seconds)) + ' ago'))), 'No host yet.');
}

function duration(seconds) {
  const units = [[86400, 'day', 'days'], [3600, 'hour', 'hours'], [60, 'minute', 'minutes']];
  for (const [unit, one, many] of units) {
    if (seconds >= unit) return plural(Math.floor(seconds / unit), one, many);
  }
  return plural(seconds, 'second', 'seconds');
}

const sum = counts => Object.values(counts).reduce((all, count) => all + count, 0);
const milliseconds = value => value === null ? '—' : value === Infinity ? 'above 30 s'
  : 'up to ' + (value < 1 ? 1000 * value + ' ms' : value + ' s');

function showTiles(sample) {
  const all = sum(sample.verdicts);
  const tiles = [[String(all), all === 1 ? 'message judged' : 'messages judged'],
    [all ? percent((sample.verdicts.spam || 0) / all) : '—', 'were spam'],
    [milliseconds(quantile(sample.latency, 0.5)), 'half of the answers to mail'],
    [milliseconds(quantile(sample.latency, 0.99)), '99 of 100 answers to mail'],
    [String(sample.queue), 'waiting now'], [size(sample.memory), 'of memory']];
  $('tiles').replaceChildren(...tiles.map(([value, name]) =>
    make('div', { className: 'tile' }, make('b', {}, value), make('span', {}, name))));
  const names = Object.entries(sample.verdicts);
  fillBars('verdicts', names.map(([name, count]) =>
    [shortVerdicts[name] || name, all ? count / all : 0, String(count), name]));
}

function showPlots() {
  const pairs = samples.slice(1).map((now, index) => [now, samples[index]]);
  const rate = (now, before, pick) => 1000 * (pick(now) - pick(before)) / (now.time - before.time);
  const plots = [
    ['Messages a second', pairs.map(([now, before]) => rate(now, before, one => sum(one.verdicts)))],
    ['Spam a second', pairs.map(([now, before]) => rate(now, before, one => one.verdicts.spam || 0))],
    ['Slowest of 100 answers, ms', pairs.map(([now, before]) => {
      const value = quantile(difference(now.latency, before.latency), 0.99);
      return value === null ? 0 : 1000 * Math.min(value, 30);
    })],
    ['Waiting messages', samples.map(one => one.queue)],
  ];
  $('plots').replaceChildren(...plots.map(([name, values]) => plot(name, values)));
}

const svg = 'http://www.w3.org/2000/svg';

function plot(name, values) {
  const [width, height] = [240, 60];
  const top = Math.max(...values, 1e-9);
  const element = document.createElementNS(svg, 'svg');
  element.setAttribute('viewBox', `0 0 ${width} ${height}`);
  element.setAttribute('preserveAspectRatio', 'none');
  element.setAttribute('role', 'img');
  const last = values.length ? values.at(-1) : 0;
  const shown = last < 10 && last % 1 ? last.toFixed(1) : String(Math.round(last));
  element.setAttribute('aria-label', `${name}: now ${shown}`);
  const line = (points, kind) => {
    const polyline = document.createElementNS(svg, 'polyline');
    polyline.setAttribute('points', points);
    if (kind) polyline.setAttribute('class', kind);
    element.append(polyline);
  };
  line(`0,${height - 1} ${width},${height - 1}`, 'base');
  if (values.length > 1) {
    const start = longest - values.length;
    line(values.map((value, index) => (width * (start + index) / (longest - 1)).toFixed(1) + ','
      + (height - 2 - (height - 6) * value / top).toFixed(1)).join(' '));
  }
  return make('figure', {}, make('figcaption', {}, name, make('span', {}, 'now ' + shown)), element);
}

setInterval(() => { if (current === 'health' && !document.hidden) refresh(); }, 5000);
open(location.hash.slice(1));
