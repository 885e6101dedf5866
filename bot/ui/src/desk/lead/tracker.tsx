// The issue tracker: where bugs and wishes are sent, with which secret, and the address at which it reports back.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useRef } from "preact/hooks";
import type { TrackerBody, TrackerView } from "../../shared/wire";
import { Cards } from "./choices";
import { call, useAct, useLoad } from "./door";
import { Copied } from "./newcomer";
import { Alarm, Page, Ready, Section, Text, Told } from "./parts";
import { focusWrong } from "./password";
import { called, words } from "./words";

type Template = TrackerView["template"];
const TEMPLATES: readonly Template[] = ["off", "plain", "github", "jira", "redmine"];
const WITH_PROJECT: readonly Template[] = ["github", "jira", "redmine"];

export function TrackerScreen() {
  const t = words.value;
  const loaded = useLoad<TrackerView>("tracker");
  return (
    <Page title={t.screens.tracker} hint={t.tracker.hint}>
      <Ready loaded={loaded}>{(tracker) => <Form tracker={tracker} onSaved={loaded.put} />}</Ready>
    </Page>
  );
}

function Form({ tracker, onSaved }: { tracker: TrackerView; onSaved(tracker: TrackerView): void }) {
  const t = words.value;
  const form = useSignal({ template: tracker.template, url: tracker.url, project: tracker.project ?? "", secret: "" });
  const tried = useSignal(false);
  const told = useSignal("");
  const act = useAct();
  const box = useRef<HTMLFormElement>(null);
  const { template, url, project, secret } = form.value;
  const set = (part: Partial<typeof form.value>) => {
    form.value = { ...form.value, ...part };
    told.value = "";
    act.clear();
  };
  const on = template !== "off";
  const wrong = {
    url: on && !/^https?:\/\/\S+$/.test(url.trim()) ? t.tracker.urlWrong : "",
    project: WITH_PROJECT.includes(template) && !project.trim() ? t.required : "",
  };
  const error = (name: keyof typeof wrong) => (tried.value ? wrong[name] : "");
  const save = async (event: Event) => {
    event.preventDefault();
    tried.value = true;
    if (wrong.url || wrong.project) return focusWrong(box.current!);
    const body: TrackerBody = { template, url: url.trim(), project: project.trim(), secret: secret || null };
    await act.run(async () => {
      onSaved(await call<TrackerView>("PUT", "tracker", body));
      set({ secret: "" });
      told.value = t.saved;
    });
  };
  return (
    <form class="form" ref={box} noValidate onSubmit={(event) => void save(event)}>
      <Cards
        legend={t.tracker.template}
        name="template"
        value={template}
        options={TEMPLATES.map((one) => ({ value: one, title: called(t.tracker.templates, one), hint: t.tracker.templateHint[one] }))}
        onPick={(next) => set({ template: next as Template })}
      />
      {on && (
        <>
          <div class="field-row">
            <Text
              label={t.tracker.url}
              hint={t.tracker.urlHint[template]}
              type="url"
              maxLength={500}
              value={url}
              error={error("url")}
              onText={(text) => set({ url: text })}
            />
            {WITH_PROJECT.includes(template) && (
              <Text
                label={t.tracker.project}
                hint={t.tracker.projectHint[template]}
                maxLength={200}
                value={project}
                error={error("project")}
                onText={(text) => set({ project: text })}
              />
            )}
          </div>
          <div class="field-row">
            <Text
              label={called(t.tracker.secret, template)}
              hint={tracker.secret_set ? t.tracker.secretKept : t.tracker.secretNone}
              type="password"
              autocomplete="new-password"
              maxLength={500}
              value={secret}
              onText={(text) => set({ secret: text })}
            />
          </div>
        </>
      )}
      <Alarm text={act.error} />
      <footer class="form-foot">
        <button class="button primary" disabled={act.busy}>
          {act.busy ? t.saving : t.save}
        </button>
        <Told text={told.value} />
      </footer>
      {on && tracker.hook_path && (
        <Section title={t.tracker.hook} hint={t.tracker.hookHint[template] ?? ""}>
          <Copied label={t.tracker.hookAddress} value={new URL(tracker.hook_path, location.origin).href} />
        </Section>
      )}
    </form>
  );
}
