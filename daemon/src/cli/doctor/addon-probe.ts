/** Run as a program of its own by `addon.ts`: prints one JSON object about the native addon. */
try {
  const { nativeInfo } = await import('@locscale/native');
  const { simd, lanes, fftw } = nativeInfo();
  process.stdout.write(JSON.stringify({ ok: true, text: `loads; SIMD ${simd} (${lanes} lanes), ${fftw}` }));
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stdout.write(JSON.stringify({ ok: false, text }));
}
