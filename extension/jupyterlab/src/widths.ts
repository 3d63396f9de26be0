const SHARE = 0.45;
const MOST = 720;
const MOST_SHARE = 0.6;

/** The panel's width when it is first shown in a room of so many pixels. */
export function firstWidth(room: number): number {
  return Math.min(Math.round(SHARE * room), MOST);
}

/** The panel's width in a room of another size: as it was, unless the document would lose its place. */
export function widthAfterShrinking(current: number, room: number): number {
  return current > MOST_SHARE * room ? Math.round(SHARE * room) : current;
}
