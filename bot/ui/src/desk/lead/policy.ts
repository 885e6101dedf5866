// The rules that several screens edit together: what the server has, what I made of it, and how that is saved.
import { batch, computed, signal } from "@preact/signals";
import type { PolicyPage, PolicyView } from "../../shared/wire";
import { ApiError, textOf } from "../api";
import * as store from "../store";
import { call } from "./door";
import { checkPolicy, type Problems } from "./policy-check";
import { changedSections, rebase, type Section } from "./policy-diff";

export const page = signal<PolicyPage | null>(null);
export const draft = signal<PolicyView | null>(null);
export const busy = signal(false);
export const loadError = signal("");
/** What the server said to the last try to save. */
export const refusal = signal<{ code: string; text: string } | null>(null);
/** A colleague's change was taken in below mine; the sections that we both changed. */
export const merged = signal<Section[] | null>(null);
export const savedOnce = signal(false);
let owner = "";

export const changed = computed<Section[]>(() => (page.value && draft.value ? changedSections(page.value.policy, draft.value) : []));
export const problems = computed<Problems>(() => (draft.value ? checkPolicy(draft.value) : new Map()));

/** Loads the rules unless I am editing them; another person never finds my unsaved changes. */
export async function load(): Promise<void> {
  const me = store.me.value;
  if (changed.value.length && owner === me) return;
  owner = me;
  try {
    take(await call<PolicyPage>("GET", "policy"));
  } catch (error) {
    loadError.value = textOf(error);
  }
}

function take(fresh: PolicyPage): void {
  batch(() => {
    page.value = fresh;
    draft.value = fresh.policy;
    loadError.value = "";
    refusal.value = null;
    merged.value = null;
  });
}

/** What the server refused about the thing of this name; its sentence names the place. */
export function refusedAt(name: string): string {
  const { code, text } = refusal.value ?? { code: "", text: "" };
  return code === "policy_invalid" && name && text.includes(name) ? text : "";
}

/** Replaces one part of the draft. */
export function change<Name extends Section>(section: Name, value: PolicyView[Name]): void {
  if (!draft.value) return;
  batch(() => {
    draft.value = { ...draft.value!, [section]: value };
    savedOnce.value = false;
    refusal.value = null;
  });
}

export function discard(): void {
  if (page.value) take(page.value);
}

/** Saves what was changed; a refusal keeps all of it. */
export async function save(): Promise<void> {
  if (!page.value || !draft.value || busy.value) return;
  if (problems.value.size) {
    refusal.value = { code: "invalid_here", text: "" };
    return;
  }
  busy.value = true;
  try {
    const answer = await call<PolicyPage | PolicyView>("PUT", "policy", { ...draft.value, version: page.value.policy.version });
    const policy = "policy" in answer ? answer.policy : answer;
    take({ ...page.value, policy });
    savedOnce.value = true;
  } catch (error) {
    await refused(error);
  } finally {
    busy.value = false;
  }
}

async function refused(error: unknown): Promise<void> {
  const code = error instanceof ApiError ? error.code : "";
  if (code === "policy_changed") await takeTheirs().catch(() => undefined);
  else refusal.value = { code, text: textOf(error) };
}

/** What a colleague saved meanwhile becomes the ground, my changes go on top of it, nothing is sent by itself. */
async function takeTheirs(): Promise<void> {
  const base = page.value!.policy;
  const mine = draft.value!;
  const fresh = await call<PolicyPage>("GET", "policy");
  const { policy, clashes } = rebase(base, mine, fresh.policy);
  batch(() => {
    page.value = fresh;
    draft.value = policy;
    merged.value = clashes;
    refusal.value = null;
  });
}
