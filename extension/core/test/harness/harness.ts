import {
  ApiProblem,
  buildHover,
  createPanel,
  createRunView,
  renderHoverDom,
  type EventList,
  type Lookup,
  type RunList
} from '../../src/index.js';
import { FaultyHost, RecordedHost } from '../recorded_host.js';
import { SNIPPET, answers } from '../recordings/answers.js';

/** A page with one view on recorded answers, to look at: ?view=panel|empty|failed|hover|run|midway&theme=dark&locale=zh */
const query = new URLSearchParams(location.search);
const host =
  query.get('view') === 'midway' || query.get('view') === 'failed'
    ? new FaultyHost(answers())
    : new RecordedHost(answers());
host.setTheme(query.get('theme') === 'dark' ? 'dark' : 'light');
host.setLocale(query.get('locale') === 'zh' ? 'zh' : 'en');
document.documentElement.dataset['theme'] = host.theme();
const place = document.getElementById('view');
if (place) {
  switch (query.get('view')) {
    case 'run':
      createRunView(host, place);
      break;
    case 'midway':
      midway(host as FaultyHost, place);
      break;
    case 'hover': {
      const { lookup } = answers().get('POST lookup') as { lookup: Lookup };
      place.append(renderHoverDom(buildHover(lookup, host.locale()), host));
      break;
    }
    default: {
      if (host instanceof FaultyHost) {
        host.fail('POST convert', new ApiProblem('unreachable', '', 0));
      }
      const panel = createPanel(host, place);
      const document = { type: 'module', text: SNIPPET } as const;
      panel.show(query.get('view') === 'empty' ? null : { document, line: 6, column: 8, title: 'snippet.py' });
    }
  }
}

/** One run has told half of its events and tells the rest later, another waits; a third failed some time ago. */
function midway(faulty: FaultyHost, element: HTMLElement): void {
  const { runs } = faulty.answers.get('GET runs') as RunList;
  const [mxnet, pytorch] = runs;
  if (!mxnet || !pytorch) {
    return;
  }
  const { events } = faulty.answers.get(`GET runs/${pytorch.id}/events`) as EventList;
  const fresh = { epochs: [], test_accuracy: null, environment: null, started: null, ended: null } as const;
  const failed = {
    ...mxnet,
    ...fresh,
    id: 'x',
    comparison: 'x',
    state: 'failed',
    reason: "ImportError: No module named 'mxnet'."
  };
  const waiting = { ...mxnet, ...fresh, state: 'queued', reason: 'Waits for the run before it.' };
  faulty.answers.set('GET runs', { runs: [waiting, { ...pytorch, ...fresh, state: 'running' }, failed], total: 60 });
  createRunView(faulty, element);
  element.querySelector('details')?.setAttribute('open', '');
  setTimeout(() => events.slice(0, events.length / 2).forEach(event => faulty.sockets[0]?.send(event)), 300);
  setTimeout(() => events.forEach(event => faulty.sockets[0]?.send(event)), 3000);
}
