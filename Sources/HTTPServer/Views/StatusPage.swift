/// The web page.
///
/// It shows whether the daemon is well and what it has judged, and has a box to try a message in.
/// One file without foreign parts, so that it works without a network.
enum StatusPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>siftd</title>
        <link rel="icon" href="data:,">
        <style>
        :root { color-scheme: light dark; --line: #8884; --soft: #888; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
          padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        #state { color: var(--soft); }
        table { border-collapse: collapse; width: 100%; }
        td { border-top: 1px solid var(--line); padding: .3rem .5rem .3rem 0; }
        td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
        textarea { width: 100%; height: 10rem; box-sizing: border-box; font: 13px/1.4 monospace;
          padding: .5rem; border: 1px solid var(--line); border-radius: .3rem; }
        button { font: inherit; padding: .3rem 1rem; margin-top: .5rem; }
        #bar { height: .6rem; border-radius: .3rem; background: var(--line); margin: .8rem 0; }
        #bar div { height: 100%; border-radius: .3rem; width: 0; background: #2a7; }
        #answer { min-height: 1.5rem; }
        #reasons td { font: 13px/1.4 monospace; overflow-wrap: anywhere; }
        #reasons td:last-child { white-space: nowrap; padding-left: 1rem; }
        .spam { color: #c33; } .ham { color: #187; }
        </style>
        <h1>siftd</h1>
        <div id="state">asking…</div>
        <h2>Judged since the start</h2>
        <table id="counts"></table>
        <h2>Try a message</h2>
        <textarea id="message" placeholder="Paste a whole message with its header, or plain text"
          aria-label="Message"></textarea>
        <button id="go">Classify</button>
        <div id="bar"><div></div></div>
        <div id="answer" role="status"></div>
        <table id="reasons" aria-label="What moved the score"></table>
        <p><a href="/metrics">metrics</a> · <a href="/readyz">readiness</a></p>
        <script>
        const $ = id => document.getElementById(id);
        async function refresh() {
          try {
            const ready = await (await fetch('/readyz')).json();
            const lines = (await (await fetch('/metrics')).text()).split('\\n');
            const label = (line, name) => (line.match(name + '="([^"]*)"') || [])[1];
            const info = lines.find(line => line.startsWith('siftd_model_info{')) || '';
            $('state').textContent = ready.status + (ready.reason ? ': ' + ready.reason : '')
              + ' · model ' + (label(info, 'model') || 'none');
            const sums = { spam: 0, ham: 0, unsure: 0, skipped: 0 };
            for (const line of lines) if (line.startsWith('siftd_messages_total{'))
              sums[label(line, 'verdict')] += Number(line.split(' ').pop());
            $('counts').replaceChildren(...Object.entries(sums).map(([name, count]) => {
              const row = document.createElement('tr');
              for (const text of [name, count]) row.insertCell().textContent = text;
              return row;
            }));
          } catch (error) { $('state').textContent = 'no answer: ' + error.message; }
        }
        $('go').onclick = async () => {
          const text = $('message').value;
          const isMessage = /^[A-Za-z-]+:.*\\n([A-Za-z-]+:|[ \\t]|\\r?\\n)/.test(text);
          const response = await fetch('/v1/classify?explain=1', isMessage
            ? { method: 'POST', body: text, headers: { 'Content-Type': 'message/rfc822' } }
            : { method: 'POST', body: JSON.stringify({ text }),
                headers: { 'Content-Type': 'application/json' } });
          const answer = await response.json();
          const p = answer.spam_probability || 0;
          $('bar').firstElementChild.style.width = 100 * p + '%';
          $('bar').firstElementChild.style.background = answer.verdict === 'spam' ? '#c33' : '#2a7';
          $('answer').textContent = answer.error || answer.verdict + ' · probability '
            + p.toFixed(4) + ' · score ' + answer.score.toFixed(2) + ' of 5.00 required · '
            + answer.tokens + ' tokens' + (answer.reason ? ' · ' + answer.reason : '')
            + (answer.defects.length ? ' · ' + answer.defects.join(', ') : '');
          const why = answer.explanation;
          $('reasons').replaceChildren(...!why ? [] : [
            ...why.reasons.slice(0, 12).map(reason => [reason.text, reason.share]),
            ['all else', why.others + why.reasons.slice(12).reduce((sum, r) => sum + r.share, 0)],
            ['base', why.base], ['log-odds of spam', why.logit]
          ].map(([text, share]) => {
            const row = document.createElement('tr');
            row.insertCell().textContent = text;
            const cell = row.insertCell();
            cell.textContent = (share < 0 ? '−' : '+') + Math.abs(share).toFixed(2);
            cell.className = share < 0 ? 'ham' : 'spam';
            return row;
          }));
          refresh();
        };
        refresh(); setInterval(refresh, 5000);
        </script>
        </html>

        """
}
