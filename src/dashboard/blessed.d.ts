/* What of blessed 0.1.81 and blessed-contrib 4.11.0 is used here; neither brings types along. */
declare module "blessed" {
  export interface Element {
    readonly width: number;
    readonly height: number;
    setLabel(text: string): void;
    setContent(text: string): void;
    destroy(): void;
  }
  export interface Screen {
    readonly width: number;
    readonly height: number;
    readonly program: { readonly cols: number };
    append(element: Element): void;
    render(): void;
    destroy(): void;
    key(names: readonly string[], pressed: () => void): void;
    on(event: "resize", resized: () => void): void;
    screenshot(): string;
  }
  export interface Blessed {
    screen(options: Readonly<Record<string, unknown>>): Screen;
    box(options: Readonly<Record<string, unknown>>): Element;
    escape(text: string): string;
  }
  const blessed: Blessed;
  export default blessed;
}

declare module "blessed-contrib/lib/widget/charts/line.js" {
  import type { Element } from "blessed";
  export interface LineData {
    readonly title: string;
    readonly x: readonly string[];
    readonly y: readonly number[];
    readonly style: { readonly line: string };
  }
  export interface Line extends Element {
    setData(data: readonly LineData[]): void;
  }
  export default function line(options: Readonly<Record<string, unknown>>): Line;
}

declare module "blessed-contrib/lib/widget/table.js" {
  import type { Element } from "blessed";
  export interface Table extends Element {
    setData(data: {
      readonly headers: readonly string[];
      readonly data: readonly (readonly string[])[];
    }): void;
  }
  export default function table(options: Readonly<Record<string, unknown>>): Table;
}
