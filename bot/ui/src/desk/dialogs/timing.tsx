// Putting off, and promising news: moments with names, and any other one.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect } from "preact/hooks";
import type { CalendarView } from "../../shared/wire";
import { moment } from "../format";
import { api, lang, ticket } from "../store";
import { inMinutes, localMoment, nextWorkingDay, sensible, tomorrowMorning } from "../when";
import { Form, Option } from "./frame";
import type { DialogProps } from "./main";
import { say } from "./words";

interface Preset {
  id: string;
  title: string;
  at: Date | null;
}

/** `own` is the preset that opens the field. */
function Presets({ all, chosen, own, onChoose, onOwn }: { all: Preset[]; chosen: string; own: string; onChoose(id: string): void; onOwn(value: string): void }) {
  const t = say.value;
  return (
    <div class="options" role="radiogroup" aria-label={t.snoozeUntil}>
      {all.map(({ id, title, at }, place) => (
        <Option key={id} name="at" value={id} chosen={chosen} onChoose={onChoose} first={place === 0}>
          <span>{title}</span>
          {at && <small>{moment(at, lang.value)}</small>}
        </Option>
      ))}
      <Option name="at" value="own" chosen={chosen} onChoose={onChoose}>
        <span>{t.own}</span>
      </Option>
      {chosen === "own" && (
        <label class="labelled">
          {t.ownTime}
          <input type="datetime-local" name="own" required value={own} min={localMoment(new Date())} onInput={(event) => onOwn(event.currentTarget.value)} />
        </label>
      )}
    </div>
  );
}

export function Snooze({ desk }: DialogProps) {
  const t = say.value;
  const now = new Date();
  const calendar = useSignal<CalendarView | undefined>(undefined);
  const chosen = useSignal("hour");
  const own = useSignal(localMoment(tomorrowMorning(now)));
  const note = useSignal("");
  useEffect(() => {
    const group = ticket.value?.group;
    // Without the calendar Monday to Friday is a fair guess.
    api.policy().then(
      ({ policy }) => {
        const name = policy.groups.find(({ id }) => id === group)?.calendar;
        calendar.value = policy.calendars.find(({ id }) => id === name);
      },
      () => null,
    );
  }, []);
  const all: Preset[] = [
    { id: "hour", title: t.hour, at: inMinutes(now, 60) },
    { id: "tomorrow", title: t.tomorrow, at: tomorrowMorning(now) },
    { id: "working", title: t.working, at: nextWorkingDay(now, calendar.value) },
    { id: "reply", title: t.reply, at: null },
  ];
  const act = () => {
    const at = chosen.value === "own" ? new Date(own.value) : all.find(({ id }) => id === chosen.value)!.at;
    if (at && !sensible(at, new Date())) return t.past;
    return desk.acts.snooze(at, note.value.trim());
  };
  return (
    <Form title={t.snooze} act={t.snooze} onAct={act}>
      <Presets all={all} chosen={chosen.value} own={own.value} onChoose={(id) => (chosen.value = id)} onOwn={(value) => (own.value = value)} />
      <label class="labelled">
        {t.snoozeNote}
        <input name="note" maxLength={500} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
      </label>
    </Form>
  );
}

export function Update({ desk }: DialogProps) {
  const t = say.value;
  const now = new Date();
  const chosen = useSignal("15");
  const own = useSignal(localMoment(inMinutes(now, 180)));
  const promised = ticket.value?.next_update_at;
  const all: Preset[] = [15, 30, 60, 120].map((minutes, at) => ({ id: String(minutes), title: t.minutes[at]!, at: inMinutes(now, minutes) }));
  if (promised) all.push({ id: "none", title: t.takeBack, at: null });
  const act = () => {
    const at = chosen.value === "own" ? new Date(own.value) : all.find(({ id }) => id === chosen.value)!.at;
    if (at && !sensible(at, new Date())) return t.past;
    return desk.acts.promise(at);
  };
  return (
    <Form title={t.update} act={t.save} onAct={act}>
      <p class="soft">{t.updateHint}</p>
      <Presets all={all} chosen={chosen.value} own={own.value} onChoose={(id) => (chosen.value = id)} onOwn={(value) => (own.value = value)} />
    </Form>
  );
}
