// My notices: this browser's push, my Telegram, the sound.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import { Icon, OUT } from "../../shared/icons";
import type { NoticesView } from "../../shared/wire";
import { ApiError } from "../api";
import { subscribe, subscribed, supported, unsubscribe } from "../push";
import { chime } from "../sound";
import { api, keep, pushKey, sound } from "../store";
import { call, useAct, useLoad } from "./door";
import { Confirm } from "./modal";
import { Alarm, Page, Ready, Section, Switch } from "./parts";
import { words } from "./words";

export function MyNotices() {
  const t = words.value;
  const loaded = useLoad<NoticesView>("notices");
  useEffect(() => {
    // Telegram is tied in another window: look again when one comes back.
    const look = () => document.hidden || loaded.reload();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return (
    <Page title={t.screens.notices} hint={t.notices.hint}>
      <Ready loaded={loaded}>
        {(notices) => (
          <>
            <Push notices={notices} />
            <Telegram notices={notices} onChange={loaded.reload} />
          </>
        )}
      </Ready>
      <Sound />
    </Page>
  );
}

function Push({ notices }: { notices: NoticesView }) {
  const t = words.value.notices;
  const on = useSignal<boolean | null>(null);
  const denied = useSignal(false);
  const act = useAct();
  useEffect(() => {
    subscribed().then(
      (is) => (on.value = is),
      () => (on.value = false),
    );
  }, []);
  const can = supported() && pushKey.value !== "";
  const turn = (wanted: boolean) =>
    act.run(async () => {
      denied.value = false;
      if (!wanted) await unsubscribe(api);
      else if (!(await pushOn(t.pushFailed))) {
        denied.value = true;
        return;
      }
      on.value = wanted;
    });
  return (
    <Section title={t.pushTitle}>
      <Switch
        label={t.push}
        hint={can ? t.pushHint : t.pushUnsupported}
        on={on.value === true}
        disabled={!can || on.value === null || act.busy}
        onSwitch={(wanted) => void turn(wanted)}
      />
      {denied.value && <Alarm text={t.pushDenied} />}
      <Alarm text={act.error} />
      {notices.push && on.value === false && <p class="soft">{t.pushElsewhere}</p>}
    </Section>
  );
}

/** What the browser's push service throws says nothing to people. */
async function pushOn(failed: string): Promise<boolean> {
  try {
    return await subscribe(api, pushKey.value);
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0, "push_failed", failed);
  }
}

function Telegram({ notices, onChange }: { notices: NoticesView; onChange(): void }) {
  const t = words.value.notices;
  const asks = useSignal(false);
  const drop = async () => {
    await call("POST", "telegram-link/drop");
    onChange();
  };
  return (
    <Section title={t.telegram} hint={notices.telegram ? t.telegramOn : notices.telegram_link ? t.telegramHint : t.telegramOff}>
      {notices.telegram ? (
        <button type="button" class="button" onClick={() => (asks.value = true)}>
          {t.telegramDrop}
        </button>
      ) : (
        notices.telegram_link && (
          <a class="button" href={notices.telegram_link} target="_blank" rel="noreferrer noopener">
            {t.telegramOpen}
            <Icon d={OUT} />
          </a>
        )
      )}
      {asks.value && (
        <Confirm title={t.telegramTitle} text={t.telegramText} action={t.telegramDrop} onYes={drop} onClose={() => (asks.value = false)} />
      )}
    </Section>
  );
}

function Sound() {
  const t = words.value.notices;
  const turn = (on: boolean) => {
    sound.value = on;
    keep.set("desk.sound", on ? "on" : "off");
    if (on) chime();
  };
  return (
    <Section title={t.soundTitle}>
      <Switch label={t.sound} hint={t.soundHint} on={sound.value} onSwitch={turn} />
      <p class="beneath">
        <button type="button" class="button" onClick={chime}>
          {t.listen}
        </button>
      </p>
    </Section>
  );
}
