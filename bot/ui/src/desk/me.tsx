// The operator's own menu: presence, sound, notices of the browser, language, keys, leaving.
import { useSignal } from "@preact/signals";
import { type ComponentChildren, h } from "preact";
import type { Desk } from "./desk";
import { Menu, type MenuItem, switchLang } from "./menu";
import { chime } from "./sound";
import { api, dialog, keep, may, presence, pushKey, sound, toast, words } from "./store";

const PRESENCES = ["online", "away", "offline"] as const;

export function MeMenu({ desk, children }: { desk: Desk; children: ComponentChildren }) {
  const t = words.value;
  const push = useSignal<boolean | null>(null);
  const look = async () => {
    if (push.value === null && pushKey.value) push.value = await (await import("./push")).subscribed();
  };
  const items: MenuItem[] = [
    ...(may("answer")
      ? PRESENCES.map((one) => ({
          title: t.presence[one],
          hint: t.presenceHint[one],
          dot: one,
          checked: presence.value === one,
          act: () => desk.be(one),
        }))
      : []),
    { title: t.sound, checked: sound.value, apart: true, act: turnSound },
    ...(pushKey.value ? [{ title: t.push, checked: push.value === true, act: async () => void (push.value = await turnPush(push.value)) }] : []),
    { title: t.notices, act: () => (location.hash = "#/lead/notices") },
    { title: t.ownPassword, act: () => (location.hash = "#/lead/password") },
    { title: t.hotkeys, key: "?", act: () => (dialog.value = "sheet") },
    { title: t.language, apart: true, act: switchLang },
    { title: t.signOut, act: () => void desk.signOut() },
  ];
  return <Menu kind="me" label={children} listName={t.menu} items={items} up onOpen={look} />;
}

function turnSound(): void {
  sound.value = !sound.value;
  keep.set("desk.sound", sound.value ? "on" : "off");
  if (sound.value) chime();
}

async function turnPush(on: boolean | null): Promise<boolean> {
  const t = words.value;
  const { subscribe, unsubscribe } = await import("./push");
  try {
    if (on) await unsubscribe(api);
    else if (!(await subscribe(api, pushKey.value))) throw new Error(t.pushDenied);
    return !on;
  } catch (error) {
    const text = error instanceof Error && error.message === t.pushDenied ? t.pushDenied : t.pushFailed;
    toast({ id: "push", kind: "failed", text, stays: 9_000 });
    return on === true;
  }
}
