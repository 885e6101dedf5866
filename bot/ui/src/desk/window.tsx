// A long list of which only what can be seen is in the page: rows of one height, placed by their number.
import { useSignal } from "@preact/signals";
import { type ComponentChildren, h } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

interface WindowedProps<Item> {
  items: readonly Item[];
  /** Of every row, in CSS pixels. */
  height: number;
  label: string;
  keyOf(item: Item): string;
  draw(item: Item, at: number): ComponentChildren;
  /** Kept in sight: the row that the keyboard is on. */
  focus?: string;
  /** The end of the list has come near. */
  onEnd?(): void;
}

const AROUND = 6;

export function Windowed<Item>({ items, height, label, keyOf, draw, focus, onEnd }: WindowedProps<Item>) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const seen = useSignal(800);
  useEffect(() => {
    const watch = new ResizeObserver(() => (seen.value = box.current?.clientHeight ?? 0));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  const count = Math.ceil(seen.value / height);
  const from = Math.max(0, Math.min(Math.floor(top.value / height), items.length - count) - AROUND);
  const to = Math.min(items.length, from + count + 2 * AROUND);
  useEffect(() => {
    if (to >= items.length - AROUND) onEnd?.();
  }, [to, items.length]);
  useLayoutEffect(() => {
    const at = focus ? items.findIndex((item) => keyOf(item) === focus) : -1;
    const { scrollTop, clientHeight } = box.current!;
    if (at >= 0 && at * height < scrollTop) box.current!.scrollTop = at * height;
    else if (at >= 0 && (at + 1) * height > scrollTop + clientHeight) box.current!.scrollTop = (at + 1) * height - clientHeight;
  }, [focus]);
  return (
    <div class="windowed" ref={box} onScroll={() => (top.value = box.current!.scrollTop)}>
      <ul aria-label={label} style={{ height: `${items.length * height}px` }}>
        {items.slice(from, to).map((item, at) => (
          <li
            key={keyOf(item)}
            style={{ transform: `translateY(${(from + at) * height}px)`, height: `${height}px` }}
            aria-setsize={items.length}
            aria-posinset={from + at + 1}
          >
            {draw(item, from + at)}
          </li>
        ))}
      </ul>
    </div>
  );
}
