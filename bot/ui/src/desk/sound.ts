// Two soft notes for a new request; made on the spot, so that there is no file to fetch and nothing for the CSP to allow.

let context: AudioContext | undefined;

/** Quiet where the browser allows no sound before the first click. */
export function chime(): void {
  context ??= new AudioContext();
  void context.resume();
  const start = context.currentTime;
  for (const [at, pitch] of [
    [0, 659],
    [0.14, 880],
  ] as const) {
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start + at);
    volume.gain.linearRampToValueAtTime(0.12, start + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + at + 0.4);
    note.connect(volume).connect(context.destination);
    note.start(start + at);
    note.stop(start + at + 0.45);
  }
}
