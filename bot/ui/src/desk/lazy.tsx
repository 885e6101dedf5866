// A part of the desk that is fetched when it is first needed; a failed fetch says so and can be tried again.
import { useSignal } from "@preact/signals";
import { type ComponentChildren, type ComponentType, h } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "./store";

interface LazyProps<Props> {
  load(): Promise<ComponentType<Props>>;
  props: Props;
  wait: ComponentChildren;
}

const fetched = new Map<unknown, unknown>();

export function Lazy<Props extends object>({ load, props, wait }: LazyProps<Props>): ComponentChildren {
  const failed = useSignal(false);
  const turn = useSignal(0);
  const Part = fetched.get(load) as ComponentType<Props> | undefined;
  useEffect(() => {
    if (fetched.has(load)) return;
    failed.value = false;
    load().then(
      (part) => {
        fetched.set(load, part);
        turn.value += 1;
      },
      () => (failed.value = true),
    );
  }, [load, turn.value]);
  if (Part) return h(Part as ComponentType<object>, props);
  if (!failed.value) return wait;
  return (
    <p class="banner" role="alert">
      {words.value.offlineError}
      <button type="button" class="plain-button" onClick={() => (turn.value += 1)}>
        {words.value.retry}
      </button>
    </p>
  );
}
