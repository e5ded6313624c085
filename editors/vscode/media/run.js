// The page beside a state machine: its graph, the tables, and the steps of the run. It shows what it is sent and
// says what was clicked; it decides nothing.

(() => {
    const vscode = acquireVsCodeApi();
    const nonce = document.currentScript.nonce;
    const element = (id) => document.getElementById(id);
    const slider = element('step');

    element('first').addEventListener('click', () => vscode.postMessage({ to: 'first' }));
    element('previous').addEventListener('click', () => vscode.postMessage({ to: 'previous' }));
    element('next').addEventListener('click', () => vscode.postMessage({ to: 'next' }));
    element('last').addEventListener('click', () => vscode.postMessage({ to: 'last' }));
    slider.addEventListener('input', () => vscode.postMessage({ step: Number(slider.value) }));

    element('graph').addEventListener('click', (event) => {
        const state = event.target.closest('[data-state]')?.getAttribute('data-state');
        if (state) vscode.postMessage({ go: state });
    });

    window.addEventListener('message', ({ data }) => {
        showSteps(data.simulation);
        showGraph(data.svg, data.problem, data.simulation?.state?.name);
        showTables(data.tables);
    });

    function showSteps(simulation) {
        const steps = simulation?.steps ?? 0;
        const step = simulation?.step ?? steps;
        slider.max = String(Math.max(1, steps));
        slider.value = String(step);
        slider.disabled = steps === 0;
        for (const id of ['first', 'previous']) element(id).disabled = steps === 0 || step <= 1;
        for (const id of ['next', 'last']) element(id).disabled = steps === 0 || step >= steps;
        const status = simulation?.status ?? 'no simulation';
        element('where').textContent = simulation?.step ? `step ${step} of ${steps} · ${simulation.state?.name ?? ''}` : status;
    }

    function showGraph(svg, problem, here) {
        element('problem').textContent = problem ?? '';
        const graph = element('graph');
        const { scrollLeft, scrollTop } = graph;
        graph.replaceChildren();
        if (svg) {
            const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
            for (const style of parsed.querySelectorAll('style')) style.setAttribute('nonce', nonce);
            const picture = document.importNode(parsed, true);
            for (const state of picture.querySelectorAll('[data-state]')) {
                if (state.getAttribute('data-state') === here) state.classList.add('here');
            }
            graph.append(picture);
        }
        graph.scrollTo(scrollLeft, scrollTop);
    }

    function showTables(shown) {
        const place = element('tables');
        place.replaceChildren();
        for (const [name, { Items }] of Object.entries(shown?.tables ?? {})) {
            const changes = shown.changes.filter(({ table }) => table === name);
            const rows = [
                ...Items.map((item) => [item, kindOf(item, changes)]),
                ...changes.filter(({ after }) => after === null).map(({ before }) => [before, 'deleted']),
            ];
            const keys = shown.keys[name] ?? [];
            const others = [...new Set(rows.flatMap(([item]) => Object.keys(item)))].filter((attribute) => !keys.includes(attribute));
            const attributes = [...keys, ...others];
            const heading = place.appendChild(document.createElement('h3'));
            heading.textContent = `${name} · ${Items.length} ${Items.length === 1 ? 'item' : 'items'}`;
            if (rows.length === 0) continue;
            const table = place.appendChild(document.createElement('table'));
            const head = table.createTHead().insertRow();
            for (const attribute of attributes) head.appendChild(document.createElement('th')).textContent = attribute;
            const body = table.createTBody();
            for (const [item, kind] of rows) {
                const row = body.insertRow();
                if (kind) row.className = kind;
                for (const attribute of attributes) row.insertCell().textContent = text(item[attribute]);
            }
        }
    }

    function kindOf(item, changes) {
        const same = JSON.stringify(item);
        const change = changes.find(({ after }) => JSON.stringify(after) === same);
        return change && (change.before === null ? 'put' : 'changed');
    }

    /** An attribute value as people read it. */
    function text(value) {
        if (value === undefined) return '';
        const [[kind, held]] = Object.entries(value);
        return kind === 'S' || kind === 'N' ? held : JSON.stringify(held);
    }

    vscode.postMessage({ ready: true });
})();
