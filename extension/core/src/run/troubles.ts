/** Things that go wrong for a while and are tried again by themselves, each by the name of what it befell. */
export class Troubles {
  private readonly current = new Map<string, unknown>();

  constructor(private readonly onChange: () => void) {}

  /** The trouble that is told of: the oldest that is not over; undefined while all is well. */
  get first(): unknown {
    return [...this.current.values()][0];
  }

  begin(name: string, problem: unknown): void {
    this.current.set(name, problem);
    this.onChange();
  }

  end(name: string): void {
    if (this.current.delete(name)) {
      this.onChange();
    }
  }
}
