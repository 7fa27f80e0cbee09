-- Calling a global that is nil names it (manual §2.4).
print("before")  -- expect: before
undefined_function()  -- expect error: attempt to call a nil value (global 'undefined_function')
