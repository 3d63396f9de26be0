import { LabIcon } from '@jupyterlab/ui-components';

const drawing = (leaves: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">${leaves}</g></svg>`;

/** Two leaves on one hinge. */
export const diptychIcon = new LabIcon({
  name: 'diptych:diptych',
  svgstr: drawing(
    '<path d="M3 5l7-2v18l-7-2z"/><path d="M21 5l-7-2v18l7-2zm-2 1.5v11l-3 .9V5.6z"/><path d="M11.2 3h1.6v18h-1.6z"/>'
  )
});

/** A leaf, and another to be put below it. */
export const insertIcon = new LabIcon({
  name: 'diptych:insert',
  svgstr: drawing('<path d="M4 3h16v7H4zm2 2v3h12V5z"/><path d="M4 13h16v8H4zm7 1.5V16H9v2h2v2h2v-2h2v-2h-2v-1.5z"/>')
});

/** Two loss curves. */
export const runsIcon = new LabIcon({
  name: 'diptych:runs',
  svgstr: drawing(
    '<path d="M3 3h2v16h16v2H3z"/><path d="M7 4h2c.6 5 3 7 11 7.500v2C11 13 7.600 10 7 4z"/><path d="M7 9h2c.6 4 4 6 11 6.500v2C12 17 7.600 14 7 9z"/>'
  )
});
