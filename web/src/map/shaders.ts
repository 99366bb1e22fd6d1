export const VERTEX = `#version 300 es
uniform mat4 u_matrix;
in vec2 a_position;
in vec2 a_cell;
out vec2 v_cell;
void main() {
  v_cell = a_cell;
  gl_Position = u_matrix * vec4(a_position, 0.0, 1.0);
}`;

// One texel a cell and step. 0: outside. 1..7: inside but not known, hatched in screen space so that the
// hatch looks the same at every zoom. Otherwise the byte's colour, with a hairline between cells once they
// are large enough to tell apart; one class may be struck through, the other way than what is not known.
export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2DArray;
uniform usampler2DArray u_bytes;
uniform sampler2D u_colours;
uniform int u_step;
uniform int u_struck;
uniform ivec2 u_size;
uniform float u_pixel;
in vec2 v_cell;
out vec4 colour;
void main() {
  ivec2 cell = clamp(ivec2(floor(v_cell)), ivec2(0), u_size - 1);
  uint byte = texelFetch(u_bytes, ivec3(cell, u_step), 0).r;
  if (byte == 0u) discard;
  if (byte < 8u) {
    float band = mod(gl_FragCoord.x - gl_FragCoord.y, 7.0 * u_pixel);
    float line = 1.0 - smoothstep(1.0 * u_pixel, 1.9 * u_pixel, band);
    float alpha = mix(0.10, 0.62, line);
    colour = vec4(vec3(0.33, 0.35, 0.40) * alpha, alpha);
    return;
  }
  vec4 paint = texelFetch(u_colours, ivec2(int(byte), 0), 0);
  if (int(byte >> 3u) == u_struck) {
    float across = mod(gl_FragCoord.x + gl_FragCoord.y, 7.0 * u_pixel);
    paint.rgb = mix(paint.rgb, vec3(1.0), 0.8 * (1.0 - smoothstep(1.0 * u_pixel, 1.9 * u_pixel, across)));
  }
  vec2 size = 1.0 / max(fwidth(v_cell), vec2(1e-6));
  vec2 edge = min(fract(v_cell), 1.0 - fract(v_cell)) * size;
  float gap = smoothstep(12.0, 28.0, min(size.x, size.y) / u_pixel);
  float inside = mix(1.0, smoothstep(0.2, 0.9, min(edge.x, edge.y) / u_pixel), 0.55 * gap);
  float alpha = paint.a * inside;
  colour = vec4(paint.rgb * alpha, alpha);
}`;
