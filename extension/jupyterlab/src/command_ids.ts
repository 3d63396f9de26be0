/** Every command that Diptych adds to JupyterLab. */
export enum CommandIDs {
  showPanel = 'diptych:show-panel',
  openRuns = 'diptych:open-runs',
  insertCounterpart = 'diptych:insert-counterpart',
  showHover = 'diptych:show-hover',
  hideHover = 'diptych:hide-hover',
  toggleHover = 'diptych:toggle-hover'
}
