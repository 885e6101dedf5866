// Working hours: a week, the days that differ, the time zone, and whether people are there at this moment.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { newCid } from "../../shared/cid";
import { Icon } from "../../shared/icons";
import type { CalendarView, PolicyView } from "../../shared/wire";
import { now } from "../store";
import { momentIn, sameWeek, stateAt, timeOf } from "./calendar-model";
import { Days } from "./days";
import { Fold } from "./fold";
import { groupName } from "./groups";
import { PLUS } from "./icons";
import { Confirm } from "./modal";
import { Alarm, Section, Text } from "./parts";
import { change, draft, problems, refusedAt } from "./policy";
import { within } from "./policy-check";
import { PolicyScreen, problemAt, type Rules } from "./policy-page";
import { Week } from "./week";
import { dayName, fill, words } from "./words";

export function Calendars() {
  const t = words.value;
  const open = useSignal("");
  const add = () => {
    const id = `c${newCid().slice(0, 11)}`;
    const { zone } = draft.value!.calendars[0]!;
    change("calendars", [...draft.value!.calendars, { id, name: "", zone, weekly: sameWeek(5, "09:00", "18:00"), days: [] }]);
    open.value = id;
  };
  return (
    <PolicyScreen
      title={t.screens.calendars}
      hint={t.calendars.hint}
      actions={
        <button type="button" class="button" onClick={add} disabled={!draft.value}>
          <Icon d={PLUS} />
          {t.calendars.add}
        </button>
      }
    >
      {(rules) => (
        <div class="folds">
          {rules.policy.calendars.map((calendar) => (
            <Fold
              key={calendar.id}
              id={calendar.id}
              open={open}
              title={calendar.name || t.calendars.fresh}
              wrong={within(problems.value, `calendars.${calendar.id}`) || refusedAt(calendar.name) !== ""}
              facts={<Facts calendar={calendar} policy={rules.policy} />}
            >
              <Editor calendar={calendar} rules={rules} />
            </Fold>
          ))}
        </div>
      )}
    </PolicyScreen>
  );
}

/** By the clock on the wall; drawn anew every minute at most. */
function minuteNow(): Date {
  const MINUTE = 60_000;
  return new Date(Math.floor(now.value / MINUTE) * MINUTE);
}

function StateNow({ calendar }: { calendar: CalendarView }) {
  const t = words.value.calendars;
  const state = stateAt(calendar, minuteNow());
  if (!state) return null;
  const { time, day, ahead } = state;
  const when = fill(ahead > 1 ? t.onDay : ahead ? t.tomorrow : t.today, { time, day: dayName(day, "short") });
  const sentence = state.open
    ? time
      ? fill(t.openUntil, { time: ahead ? when : time })
      : t.openAlways
    : time
      ? fill(t.closedUntil, { time: when })
      : t.closedAlways;
  return <span class={`hours-now ${state.open ? "is-open" : ""}`}>{sentence}</span>;
}

function Facts({ calendar, policy }: { calendar: CalendarView; policy: PolicyView }) {
  const t = words.value.calendars;
  const groups = policy.groups.filter((group) => group.calendar === calendar.id).map(groupName);
  return (
    <>
      <StateNow calendar={calendar} />
      <span>{calendar.zone}</span>
      <span>{groups.length ? fill(t.used, { groups: groups.join(", ") }) : t.unused}</span>
    </>
  );
}

const ZONES = ["UTC", ...(Intl.supportedValuesOf?.("timeZone") ?? [])];

function Editor({ calendar, rules: { policy, page } }: { calendar: CalendarView; rules: Rules }) {
  const t = words.value;
  const at = `calendars.${calendar.id}`;
  const set = (part: Partial<CalendarView>) =>
    change(
      "calendars",
      policy.calendars.map((one) => (one.id === calendar.id ? { ...one, ...part } : one)),
    );
  const there = momentIn(calendar.zone, minuteNow());
  return (
    <>
      <Alarm text={refusedAt(calendar.name)} />
      <p class="calendar-now">
        <StateNow calendar={calendar} />
      </p>
      <div class="field-row">
        <Text label={t.calendars.name} value={calendar.name} error={problemAt(`${at}.name`)} maxLength={100} onText={(name) => set({ name })} />
        <Text
          label={t.calendars.zone}
          value={calendar.zone}
          error={problemAt(`${at}.zone`)}
          hint={there ? fill(t.calendars.zoneNow, { time: timeOf(there.minute) }) : ""}
          list={`zones-${calendar.id}`}
          autocomplete="off"
          spellcheck={false}
          onText={(zone) => set({ zone: zone.trim() })}
        />
        <datalist id={`zones-${calendar.id}`}>
          {ZONES.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      <Week weekly={calendar.weekly} place={at} onWeek={(weekly) => set({ weekly })} />
      <Section title={t.calendars.special} hint={t.calendars.specialHint}>
        <Days calendar={calendar} countries={page.countries} onDays={(days) => set({ days })} />
      </Section>
      <Removal calendar={calendar} policy={policy} />
    </>
  );
}

function Removal({ calendar, policy }: { calendar: CalendarView; policy: PolicyView }) {
  const t = words.value;
  const asks = useSignal(false);
  const groups = policy.groups.filter((group) => group.calendar === calendar.id).map(groupName);
  if (groups.length) return <p class="fold-foot soft">{`${fill(t.calendars.used, { groups: groups.join(", ") })}. ${t.calendars.inUse}`}</p>;
  const rest = policy.calendars.filter(({ id }) => id !== calendar.id);
  if (!rest.length) return null;
  return (
    <footer class="fold-foot">
      <button type="button" class="button danger-text" onClick={() => (asks.value = true)}>
        {t.remove}
      </button>
      {asks.value && (
        <Confirm
          title={fill(t.calendars.removeTitle, { name: calendar.name })}
          text={t.calendars.removeText}
          action={t.remove}
          danger
          onYes={() => change("calendars", rest)}
          onClose={() => (asks.value = false)}
        />
      )}
    </footer>
  );
}
