// Groups: what each answers, when, how work reaches its people and when it comes back.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { newCid } from "../../shared/cid";
import { Icon } from "../../shared/icons";
import type { GroupView, PolicyView } from "../../shared/wire";
import { lang } from "../store";
import { Cards, Pills } from "./choices";
import { Fold } from "./fold";
import { PLUS } from "./icons";
import { Confirm } from "./modal";
import { Alarm, Pick, Switch, Text, Whole } from "./parts";
import { change, draft, problems, refusedAt } from "./policy";
import { LIMITS, within } from "./policy-check";
import { PolicyScreen, problemAt, type Rules } from "./policy-page";
import { fill, topicName, words } from "./words";

export function groupName(group: Pick<GroupView, "ru" | "en">): string {
  return (lang.value === "ru" ? group.ru || group.en : group.en || group.ru) || words.value.groups.fresh;
}

export function Groups() {
  const t = words.value;
  const open = useSignal("");
  const add = () => {
    const id = `g${newCid().slice(0, 11)}`;
    const { groups } = draft.value!;
    change("groups", [...groups, { ...groups[0]!, id, ru: "", en: "", topics: [] }]);
    open.value = id;
  };
  return (
    <PolicyScreen
      title={t.screens.groups}
      hint={t.groups.hint}
      actions={
        <button type="button" class="button" onClick={add} disabled={!draft.value}>
          <Icon d={PLUS} />
          {t.groups.add}
        </button>
      }
    >
      {(rules) => (
        <div class="folds">
          {rules.policy.groups.map((group) => (
            <Fold
              key={group.id}
              id={group.id}
              open={open}
              title={groupName(group)}
              wrong={within(problems.value, `groups.${group.id}`) || refusedAt(groupName(group)) !== ""}
              facts={<Facts group={group} policy={rules.policy} />}
            >
              <Editor group={group} rules={rules} />
            </Fold>
          ))}
        </div>
      )}
    </PolicyScreen>
  );
}

function Facts({ group, policy }: { group: GroupView; policy: PolicyView }) {
  const t = words.value.groups;
  const calendar = policy.calendars.find(({ id }) => id === group.calendar)?.name;
  return (
    <>
      {policy.groups[0] === group && <span class="badge strong">{t.main}</span>}
      <span>{group.topics.length ? group.topics.map(topicName).join(", ") : policy.groups[0] === group ? t.noTopics : "—"}</span>
      <span>{calendar}</span>
      <span>{group.mode === "push" ? t.pushShort : t.pullShort}</span>
      {group.locked && <span>{t.lockedShort}</span>}
    </>
  );
}

function Editor({ group, rules: { policy, page } }: { group: GroupView; rules: Rules }) {
  const t = words.value;
  const at = `groups.${group.id}`;
  const set = (part: Partial<GroupView>) =>
    change(
      "groups",
      policy.groups.map((one) => (one.id === group.id ? { ...one, ...part } : one)),
    );
  const others = policy.groups.filter(({ id }) => id !== group.id);
  const topics = [...new Set([...page.topics, ...group.topics])].map((topic) => {
    const taken = others.find((one) => one.topics.includes(topic));
    const blocked = taken && fill(t.groups.topicTaken, { topic: topicName(topic), group: groupName(taken) });
    return [topic, topicName(topic), blocked] as const;
  });
  return (
    <>
      <Alarm text={refusedAt(groupName(group))} />
      <div class="field-row">
        <Text label={t.groups.ru} value={group.ru} error={problemAt(`${at}.ru`)} maxLength={100} lang="ru" onText={(ru) => set({ ru })} />
        <Text label={t.groups.en} value={group.en} error={problemAt(`${at}.en`)} maxLength={100} lang="en" onText={(en) => set({ en })} />
      </div>
      <Pills
        legend={t.groups.topics}
        hint={topics.length ? t.groups.topicsHint : t.groups.topicsNone}
        error={problemAt(`${at}.topics`)}
        options={topics}
        chosen={group.topics}
        onChoose={(chosen) => set({ topics: chosen })}
      />
      <div class="field-row">
        <Pick
          label={t.groups.calendar}
          value={group.calendar}
          hint={<a href="#/lead/calendars">{t.groups.editHours}</a>}
          error={problemAt(`${at}.calendar`)}
          options={[
            ...(policy.calendars.some(({ id }) => id === group.calendar) ? [] : [[group.calendar, "—"] as const]),
            ...policy.calendars.map(({ id, name }) => [id, name || t.calendars.fresh] as const),
          ]}
          onPick={(calendar) => set({ calendar })}
        />
      </div>
      <Cards
        legend={t.groups.work}
        name="mode"
        value={group.mode}
        options={[
          { value: "pull", title: t.groups.pull, hint: t.groups.pullHint },
          { value: "push", title: t.groups.push, hint: t.groups.pushHint },
        ]}
        onPick={(mode) => set({ mode: mode as GroupView["mode"] })}
      />
      <Times group={group} set={set} />
      <Switch label={t.groups.locked} hint={t.groups.lockedHint} on={group.locked} onSwitch={(locked) => set({ locked })} />
      <Place group={group} policy={policy} />
    </>
  );
}

function Times({ group, set }: { group: GroupView; set(part: Partial<GroupView>): void }) {
  const t = words.value;
  const at = `groups.${group.id}`;
  return (
    <div class="field-row">
      {group.mode === "push" && (
        <Whole
          label={t.groups.offer}
          value={group.offer_seconds}
          limit={LIMITS.offer_seconds}
          unit={t.seconds}
          error={problemAt(`${at}.offer_seconds`)}
          onNumber={(offer_seconds) => set({ offer_seconds })}
        />
      )}
      <Whole
        label={t.groups.silent}
        hint={t.groups.silentHint}
        value={group.silent_minutes}
        limit={LIMITS.silent_minutes}
        unit={t.minutes}
        error={problemAt(`${at}.silent_minutes`)}
        onNumber={(silent_minutes) => set({ silent_minutes })}
      />
      <Whole
        label={t.groups.reopen}
        hint={t.groups.reopenHint}
        value={group.reopen_minutes}
        limit={LIMITS.reopen_minutes}
        unit={t.minutes}
        error={problemAt(`${at}.reopen_minutes`)}
        onNumber={(reopen_minutes) => set({ reopen_minutes })}
      />
    </div>
  );
}

/** Its place in the list: the first one is the main group, and that one stays. */
function Place({ group, policy }: { group: GroupView; policy: PolicyView }) {
  const t = words.value;
  const asks = useSignal(false);
  const others = policy.groups.filter(({ id }) => id !== group.id);
  if (policy.groups[0] === group) return <p class="fold-foot soft">{t.groups.last}</p>;
  return (
    <footer class="fold-foot">
      <button type="button" class="button" onClick={() => change("groups", [group, ...others])}>
        {t.groups.makeMain}
      </button>
      <button type="button" class="button danger-text" onClick={() => (asks.value = true)}>
        {t.remove}
      </button>
      {asks.value && (
        <Confirm
          title={fill(t.groups.removeTitle, { name: groupName(group) })}
          text={t.groups.removeText}
          action={t.remove}
          danger
          onYes={() => change("groups", others)}
          onClose={() => (asks.value = false)}
        />
      )}
    </footer>
  );
}
