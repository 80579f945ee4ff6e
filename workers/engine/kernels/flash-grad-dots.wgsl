// What both halves of flash attention's backward pass know of QUERIES queries and KEYS keys: dots = (q·k/√HD, dout·v), whole, from
// this thread's products a and b. With PARTED, what PARTS threads have of a wide head is put together in shared memory.
#if PARTED
#for n QUERIES
#for s KEYS
    parts[(lane * QUERIES + $nu) * KEYS + $su] = vec2f(dot(a$n_$s, vec4f(1.0)), dot(b$n_$s, vec4f(1.0)));
#end
#end
    workgroupBarrier();
#for n QUERIES
#for s KEYS
    var dots$n_$s = vec2f();
    for (var p = 0u; p < PARTS; p++) {
      dots$n_$s += parts[((slot * PARTS + p) * QUERIES + $nu) * KEYS + $su];
    }
#end
#end
    workgroupBarrier();
#end
#if !PARTED
#for n QUERIES
#for s KEYS
    let dots$n_$s = vec2f(dot(a$n_$s, vec4f(1.0)), dot(b$n_$s, vec4f(1.0)));
#end
#end
#end
