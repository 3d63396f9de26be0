import { createPanel, createRunView, buildHover, renderHoverDom, type Lookup } from '../../src/index.js';
import { RecordedHost } from '../recorded_host.js';
import { SNIPPET, answers } from '../recordings/answers.js';

/** A page with one view on recorded answers, to look at: ?view=panel|hover|run&theme=dark&locale=zh */
const query = new URLSearchParams(location.search);
const host = new RecordedHost(answers());
host.setTheme(query.get('theme') === 'dark' ? 'dark' : 'light');
host.setLocale(query.get('locale') === 'zh' ? 'zh' : 'en');
document.documentElement.dataset['theme'] = host.theme();
const place = document.getElementById('view');
if (place) {
  switch (query.get('view')) {
    case 'run':
      createRunView(host, place);
      break;
    case 'hover': {
      const { lookup } = answers().get('POST lookup') as { lookup: Lookup };
      place.append(renderHoverDom(buildHover(lookup, host.locale()), host));
      break;
    }
    default: {
      const panel = createPanel(host, place);
      const document = { type: 'module', text: SNIPPET } as const;
      panel.show(query.get('view') === 'empty' ? null : { document, line: 6, column: 8, title: 'snippet.py' });
    }
  }
}
